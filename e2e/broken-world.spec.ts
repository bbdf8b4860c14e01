/** The world breaks while a visit is recorded; the visit reaches the chart all the same, proved from the scribe's disk and the chart. */
import { join } from "node:path";
import { chartOf } from "./chart.ts";
import * as clinician from "./clinician.ts";
import { expect, test } from "./fixtures.ts";
import { decodedSessions } from "./scribe.ts";

const hears = { sound: { visit: "chest-pain" }, leadInSeconds: 5 };
const patient = "Ada Quill";

test("a browser killed mid-visit: the visit is offered again and reaches the chart", async ({ world, sitDown }) => {
  const room = await sitDown({ profile: "room-1", hears });
  await clinician.beginVisit(room.page, world.origin, patient);
  await clinician.recordedFor(room.page, 30);
  await room.kill();

  const again = await sitDown({ profile: "room-1", hears });
  await again.page.goto(world.origin);
  await clinician.signInIfAsked(again.page, clinician.rivera);
  await expect(again.page.getByRole("dialog")).toContainText(patient);
  await again.page.getByRole("button", { name: "Finish and send" }).click();
  await clinician.openDraft(again.page);
  const [decodedMs] = await decodedSessions(join(world.folder, "scribe"));
  expect(decodedMs).toBeGreaterThan(29_500);
  await clinician.signAndFile(again.page);
  const chart = await chartOf(world.chartUrl, patient);
  expect(chart.encounters).toHaveLength(1);
  expect(chart.soapNotes).toHaveLength(1);
});

test("the clinic server killed and restarted mid-visit: nothing is lost or doubled", async ({ world, sitDown }) => {
  const room = await sitDown({ profile: "room-1", hears });
  await clinician.beginVisit(room.page, world.origin, patient);
  await clinician.recordedFor(room.page, 18);
  await world.kill("clinic");
  await clinician.recordedFor(room.page, 30);
  await expect(room.page.getByRole("status", { name: "Recording status" })).toContainText(/waiting/iu);
  await world.restart("clinic");
  await clinician.recordedFor(room.page, 34);
  await clinician.stopRecording(room.page);
  await clinician.openDraft(room.page);
  const sessions = await decodedSessions(join(world.folder, "scribe"));
  expect(sessions).toHaveLength(1);
  expect(sessions[0]).toBeGreaterThan(33_500);
  await clinician.signAndFile(room.page);
  const chart = await chartOf(world.chartUrl, patient);
  expect(chart.soapNotes).toHaveLength(1);
});

test("the scribe down: the recording goes on, and is sent when it is back", async ({ world, sitDown }) => {
  const room = await sitDown({ profile: "room-1", hears });
  await clinician.signIn(room.page, world.origin, clinician.rivera);
  await world.kill("scribe");
  await clinician.prepareVisit(room.page, patient);
  await clinician.startRecording(room.page);
  await clinician.recordedFor(room.page, 22);
  await expect(room.page.getByRole("status", { name: "Recording status" })).toContainText(/waiting/iu);
  await clinician.stopRecording(room.page);
  await expect(room.page.getByRole("heading", { name: "Writing the note" })).toBeVisible();
  await world.restart("scribe");
  await clinician.openDraft(room.page);
  const [decodedMs] = await decodedSessions(join(world.folder, "scribe"));
  expect(decodedMs).toBeGreaterThan(21_500);
});

test("OpenEMR down when signing: the note waits and is filed by itself", async ({ world, sitDown }) => {
  const room = await sitDown({ profile: "room-1", hears });
  await clinician.beginVisit(room.page, world.origin, patient);
  await clinician.recordedFor(room.page, 20);
  await clinician.stopRecording(room.page);
  await clinician.openDraft(room.page);
  await world.kill("chart");
  await clinician.sign(room.page);
  await expect(room.page.getByText("Signed. Waiting to be filed")).toBeVisible();
  await world.restart("chart");
  await expect(async () => {
    const tryNow = room.page.getByRole("button", { name: "Try now" });
    if (await tryNow.isVisible()) await tryNow.click({ timeout: 1000 }); // it may be filed by itself before
    await expect(room.page.getByText(/Filed and verified \d/u)).toBeVisible({ timeout: 5000 });
  }).toPass({ timeout: 180_000 });
  expect((await chartOf(world.chartUrl, patient)).soapNotes).toHaveLength(1);
});

test("the login expires mid-visit: recording goes on, signing in again in place sends the rest", async ({
  world,
  sitDown,
}) => {
  const room = await sitDown({ profile: "room-1", hears });
  await clinician.beginVisit(room.page, world.origin, patient);
  await clinician.recordedFor(room.page, 5);
  await room.page.context().clearCookies();
  await clinician.recordedFor(room.page, 22);
  await clinician.signInAgainInPlace(room.page, clinician.rivera);
  await clinician.recordedFor(room.page, 26);
  await clinician.stopRecording(room.page);
  await clinician.openDraft(room.page);
  const [decodedMs] = await decodedSessions(join(world.folder, "scribe"));
  expect(decodedMs).toBeGreaterThan(25_500);
});
