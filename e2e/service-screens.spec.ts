/** Pictures of what a clinic with several scribe services sees, also when one of them is away or gives half. Run by `npm run screens`. */
import type { Page } from "@playwright/test";
import * as clinician from "./clinician.ts";
import { expect, quiet, test } from "./fixtures.ts";
import { complaints, picture } from "./pictures.ts";
import { pull } from "./services.ts";

test.use({ service: "msa-c", isOneOfSeveral: true });
test.setTimeout(1_200_000);

const aside = "Send to another service";

/** The words at the middle of the screen. */
const at = (words: string) => async (page: Page) => {
  await page
    .getByText(words)
    .first()
    .evaluate((element) => element.scrollIntoView({ block: "center", behavior: "instant" }));
};

test("a service goes away during a visit, another one takes it and gives half of the note", async ({
  world,
  sitDown,
}) => {
  const room = await sitDown({ profile: "room-1", hears: { sound: { visit: "chest-pain" }, leadInSeconds: 8 } });
  const { page } = room;
  await clinician.beginVisit(page, world.origin, "Ada Quill");
  // Until a piece of it is there, the visit would just begin at the next service.
  await expect(page.getByText(/0:(?!00)\d\d received by the scribe/u)).toBeVisible();
  await world.kill("scribe");
  const away = page.getByText("The scribe service is not answering").first();
  await expect(away).toBeVisible();
  await picture(page, "recording-service-away");

  await world.restart("scribe");
  await expect(away).toBeHidden();
  await page.getByText("Live transcript").click();
  await expect(page.getByRole("list", { name: "Words heard so far" }).getByRole("listitem").nth(1)).toBeVisible();
  await picture(page, { name: "live-transcript", about: at("Live transcript") });
  await page.getByText("Live transcript").click();
  await world.kill("scribe");
  await clinician.recordedFor(page, Math.ceil(room.microphoneSeconds));
  await clinician.stopRecording(page);
  await expect(page.getByRole("heading", { name: "Writing the note" })).toBeVisible();
  await expect(page.getByRole("button", { name: aside }).first()).toBeVisible();
  await picture(page, "processing-service-away");

  const office = await sitDown({ profile: "office", hears: quiet });
  await office.page.goto(world.origin);
  await office.page.getByRole("button", { name: "Sign in with OpenEMR" }).click();
  await clinician.logIn(office.page, { username: "admin", password: "demo-admin" });
  await office.page.getByRole("button", { name: "Authorize" }).click();
  const checks = office.page.waitForResponse((answer) => answer.url().endsWith("/api/services/check"));
  await office.page.getByRole("button", { name: "Check again" }).click();
  await checks;
  await expect(office.page.getByText("Last failures").first()).toBeVisible();
  await expect(office.page.getByRole("button", { name: "Check again" })).toHaveText("Check again");
  await picture(office.page, "services");

  await pull(world.serviceUrl, "hold");
  await pull(world.serviceUrl, "endAs", "partial");
  await pull(world.serviceUrl, "alsoGives", "referral_letter", {
    to: "Cardiology",
    reason: "Chest pain for two days, worse when climbing stairs.",
    questions: ["Exercise test?", "Aspirin for how long?"],
  });
  await page.getByRole("button", { name: aside }).first().click();
  await page.getByRole("menuitem", { name: /Sandbox scribe/u }).click();
  // What was away is the other service's ears, too: only now is it back.
  await world.restart("scribe");
  await pull(world.serviceUrl, "release");
  await clinician.openDraft(page);
  await expect(page.getByText("This draft is not complete")).toBeVisible();
  await picture(page, "partly-ready");
  await page.getByRole("button", { name: "Ask for the rest" }).click();
  await expect(page.getByText("This draft is not complete")).toBeHidden();
  await clinician.openDraft(page);
  await page.getByText("Referral letter").click();
  await picture(page, { name: "further-results", about: at("Also written by the service") });
  expect(complaints).toEqual([]);
});
