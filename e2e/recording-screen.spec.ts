/** What a clinician can do beside recording, and what the device then says of every piece of it. */
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { VisitView } from "#protocol/bff.ts";
import * as clinician from "./clinician.ts";
import { expect, test } from "./fixtures.ts";

const hears = { sound: { visit: "chest-pain" }, leadInSeconds: 5 };
const patient = "Ada Quill";

test("off the record stores nothing and leaves a gap; a mark and a quick note stay with the recording", async ({
  world,
  sitDown,
}) => {
  const { page } = await sitDown({ profile: "room-1", hears });
  await clinician.beginVisit(page, world.origin, patient);
  await clinician.recordedFor(page, 2);
  await expect(page).toHaveTitle("● 0 min Recording");
  const told = page.getByText(/^Marked at \d:\d\d$/u).waitFor(); // a toast goes again: it is watched for, not looked up
  await page.keyboard.press("Alt+Shift+M");
  await told;
  await page.getByRole("button", { name: "Quick note" }).click();
  await page.getByLabel("What to remember").fill("Left forearm: look at the mole");
  await page.getByRole("button", { name: "Keep the note" }).click();
  const timeline = page.getByRole("region", { name: "Gaps and marks" });
  await expect(timeline).toContainText("Left forearm: look at the mole");
  await expect(timeline).toContainText("2 marked");
  for (let count = 3; count <= 14; count += 1) {
    await page.keyboard.press("Alt+Shift+M");
    await expect(timeline).toContainText(`${count} marked`);
  }
  await expect(timeline.getByRole("listitem")).toHaveCount(12);
  await expect(timeline).not.toContainText("Left forearm");
  await timeline.getByRole("button", { name: "Show all" }).click();
  await expect(timeline).toContainText("Left forearm: look at the mole");

  await page.keyboard.press("Alt+Shift+O");
  const off = page.getByRole("region", { name: "Off the record: nothing is stored" });
  await expect(off).toBeVisible();
  await expect(page.getByRole("status", { name: "Recording status" })).toContainText("Off the record");
  await expect(page).toHaveTitle("Ⅱ 0 min Paused");
  // What was heard before is on its way to the disk for a moment longer, and the timer counts what is there.
  await expect(off).toContainText(/0:(?:0[3-9]|[1-5]\d)/u);
  const before = await clinician.secondsOnTimer(page);
  await expect(off).toContainText(/0:(?:0[6-9]|[1-5]\d)/u);
  expect(await clinician.secondsOnTimer(page)).toBe(before);
  await page.getByRole("button", { name: "Back on the record" }).click();
  await expect(page.getByRole("status", { name: "Recording status" })).toContainText("Recording");
  await expect(timeline).toContainText(/1 gap, \d:\d\d/u);
  await expect(timeline).toContainText("Off the record");

  await clinician.recordedFor(page, 16);
  await clinician.stopRecording(page);
  await clinician.openDraft(page);
  await expect(page.getByRole("region", { name: "Gaps and marks" })).toContainText("Left forearm: look at the mole");
});

test("another microphone goes on in the same recording, and every piece of it is received by the scribe", async ({
  world,
  sitDown,
}) => {
  const { page } = await sitDown({ profile: "room-1", hears });
  await clinician.beginVisit(page, world.origin, patient);
  await clinician.recordedFor(page, 4);
  await page.getByRole("button", { name: "Change" }).click();
  await page.getByRole("menuitem", { name: "Fake Audio Input 2" }).click();
  await expect(page.getByText("Fake Audio Input 2").first()).toBeVisible();
  await clinician.recordedFor(page, 24);
  await page.getByRole("button", { name: "Change" }).click();
  await expect(page.getByRole("menuitem", { name: /Fake Audio Input 2/u })).toContainText("In use");
  await page.keyboard.press("Escape");
  await clinician.stopRecording(page);
  await expect(page.getByRole("heading", { name: "Writing the note" })).toBeVisible();

  await page.getByRole("link", { name: "Chartside, start page" }).click();
  await page.getByRole("link", { name: "This device" }).first().click();
  const visit = page.getByRole("article", { name: `Recording of ${patient}` });
  await expect(visit).toContainText("Received by the scribe");
  await visit.getByRole("button", { name: /^Show (?:all|the 1)/u }).click();
  const received = await piecesReceived(page);
  const [, all] =
    /(\d+) of (\d+) pieces/u
      .exec(await visit.innerText())
      ?.slice(1)
      .map(Number) ?? [];
  expect(received).toBe(all);
  expect(received).toBeGreaterThanOrEqual(2);
});

test("a workstation's name and its shortcuts are remembered", async ({ world, sitDown }) => {
  const { page } = await sitDown({ profile: "room-1", hears });
  await clinician.signIn(page, world.origin, clinician.rivera);
  await page.getByRole("button", { name: /Elena Rivera/u }).click();
  await page.getByRole("menuitem", { name: "Settings" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Room 3 PC");
  await page.getByRole("button", { name: "Save the name" }).click();
  await expect(page.getByRole("button", { name: "Save the name" })).toBeDisabled();
  await page.getByRole("switch", { name: /shortcuts/u }).press("Space");
  // The screen shows what is stored, so it is stored when it shows it.
  await expect(page.getByRole("switch", { name: /shortcuts/u })).not.toBeChecked();
  await page.reload();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Room 3 PC");
  await expect(page.getByRole("switch", { name: /shortcuts/u })).not.toBeChecked();

  await page.getByRole("link", { name: "Worklist" }).first().click();
  await clinician.prepareVisit(page, patient);
  await page.keyboard.press("Alt+Shift+R");
  await expect(page.getByRole("button", { name: "Start recording" })).toBeVisible();
  await clinician.startRecording(page);
  const id = clinician.visitIdOn(page);
  await expect.poll(async () => deviceOf(page, id)).toBe("Room 3 PC");
});

test("an audio file becomes a visit like any other, and one that is none is refused by its name", async ({
  world,
  sitDown,
}) => {
  const { page } = await sitDown({ profile: "room-1", hears });
  await clinician.signIn(page, world.origin, clinician.rivera);
  await clinician.prepareVisit(page, patient);
  const letter = {
    name: "letter.txt",
    mimeType: "audio/wav",
    buffer: Buffer.from("Dear Dr. Rivera, the knee is better."),
  };
  await page.locator("input[type=file]").first().setInputFiles(letter);
  await expect(page.getByRole("alert")).toContainText("“letter.txt” could not be used");
  await page
    .locator("input[type=file]")
    .first()
    .setInputFiles(join(import.meta.dirname, "audio", "cough.wav"));
  await expect(page.getByRole("heading", { name: "Writing the note" })).toBeVisible({ timeout: 60_000 });
  await clinician.openDraft(page);
  const sentences = Object.values(await clinician.readNote(page)).flat();
  expect(sentences.join(" ")).toMatch(/bronchitis/iu);
});

/** Rows of the open ledger that say when the scribe received the piece. */
async function piecesReceived(page: Page): Promise<number> {
  const rows = page.getByRole("table", { name: "Pieces of the recording" }).locator("tbody tr");
  await expect(rows.getByText("Not yet")).toHaveCount(0);
  return rows.filter({ hasText: /\d\d:\d\d:\d\d.*\d\d:\d\d:\d\d/su }).count();
}

async function deviceOf(page: Page, id: string): Promise<string | undefined> {
  const body: unknown = await page.evaluate(async (visitId) => (await fetch(`/api/visits/${visitId}`)).json(), id);
  const visit = VisitView.safeParse(body);
  return visit.success ? visit.data.device : undefined;
}
