/** Pictures of every screen, for people to look at: desktop, phone, dark; axe looks at each, too. Run by `npm run screens`, not part of the tests. */
import * as clinician from "./clinician.ts";
import { expect, quiet, test } from "./fixtures.ts";
import { complaints, picture } from "./pictures.ts";

test.use({ takes: 3 });
// Some fifty pictures, each looked over.
test.setTimeout(1_200_000);

test("every screen of a visit and of a booking", async ({ world, sitDown }) => {
  const room = await sitDown({ profile: "room-1", hears: { sound: { visit: "chest-pain" }, leadInSeconds: 12 } });
  const { page } = room;
  await page.goto(world.origin);
  await expect(page.getByRole("button", { name: "Sign in with OpenEMR" })).toBeVisible();
  await picture(page, "sign-in");
  await clinician.signIn(page, world.origin, clinician.rivera);
  await expect(page.getByRole("link", { name: /Start visit/u }).first()).toBeVisible();
  await picture(page, "worklist");
  await clinician.prepareVisit(page, "Ada Quill");
  await picture(page, "before-visit");
  await clinician.startRecording(page);
  await clinician.recordedFor(page, 20);
  await page.keyboard.press("Alt+Shift+M");
  await picture(page, "recording");
  await page.getByRole("button", { name: "Off the record" }).click();
  await expect(page.getByText("Off the record: nothing is stored")).toBeVisible();
  await picture(page, "off-the-record");
  await page.getByRole("button", { name: "Back on the record" }).click();
  await clinician.recordedFor(page, Math.ceil(room.microphoneSeconds));
  await clinician.stopRecording(page);
  await expect(page.getByRole("heading", { name: "Writing the note" })).toBeVisible();
  await picture(page, "processing");
  await page.goto(`${world.origin}/device`);
  await page.getByRole("button", { name: /^Show (?:all|the 1)/u }).click();
  await expect(page.getByRole("table")).toBeVisible();
  await picture(page, "device");
  await page.goBack();
  await clinician.openDraft(page);
  await page.locator("[data-sentence]").first().click();
  await picture(page, "review");
  await page.getByRole("button", { name: "Review and sign" }).click();
  await expect(page.getByText("I have read this note")).toBeVisible();
  await picture(page, "sign");
  await page.getByText("I have read this note").click();
  await page.getByRole("button", { name: "Sign and file" }).click();
  await clinician.isFiled(page);
  await clinician.addAddendum(page, "The patient called back: the pain is on the left side.");
  await picture(page, "filed");
  await page.goto(`${world.origin}/device`);
  await expect(page.getByRole("region", { name: "Erased from this device" })).toBeVisible();
  await picture(page, "erased");
  await page.goto(`${world.origin}/visits`);
  await expect(page.getByText("Ada Quill").first()).toBeVisible();
  await picture(page, "visits");
  await page.goto(`${world.origin}/settings`);
  await expect(page.getByRole("heading", { name: "Settings", level: 1 })).toBeVisible();
  await picture(page, "settings");
  await page.goto(world.origin);
  await clinician.prepareVisit(page, "Noor Haddad");
  await clinician.startRecording(page);
  await clinician.recordedFor(page, 5);
  page.on("dialog", (dialog) => void dialog.accept());
  await page.goto(world.origin);
  await expect(page.getByRole("dialog")).toContainText("Noor Haddad");
  await picture(page, "recovery");

  const desk = await sitDown({ profile: "desk", hears: quiet });
  await clinician.signIn(desk.page, world.origin, clinician.desk);
  await expect(desk.page.getByText("Ada Quill").first()).toBeVisible();
  await picture(desk.page, "desk");
  await desk.page
    .getByRole("row", { name: /Ada Quill/u })
    .first()
    .click();
  await desk.page.locator("button[aria-pressed][aria-label*=', ']").first().click();
  await picture(desk.page, "booking");
  await desk.page.getByRole("button", { name: "Book this time" }).click();
  await expect(desk.page.getByRole("heading", { name: "Follow-up booked" })).toBeVisible();
  await picture(desk.page, "booked");

  const office = await sitDown({ profile: "office", hears: quiet });
  await office.page.goto(world.origin);
  await office.page.getByRole("button", { name: "Sign in with OpenEMR" }).click();
  await clinician.logIn(office.page, { username: "admin", password: "demo-admin" });
  await office.page.getByRole("button", { name: "Authorize" }).click();
  await expect(office.page.getByRole("heading", { level: 1 })).toBeVisible();
  await picture(office.page, "administration");
  expect(complaints).toEqual([]);
});
