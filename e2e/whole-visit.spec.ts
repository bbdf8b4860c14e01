/**
 * The whole way, spoken into a real browser: worklist, consent, recording, draft, review, signature, chart, follow-up. On a
 * weekday, on a Saturday, and on a day when clocks change.
 */
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { chartOf } from "./chart.ts";
import * as clinician from "./clinician.ts";
import { days } from "./dates.ts";
import { VisitView } from "#protocol/bff.ts";
import { expect, quiet, type SitDown, test } from "./fixtures.ts";
import { markedGaps } from "./proof/marks.ts";
import { decodedSessions } from "./scribe.ts";
import { chestPain, cough, type ExpectedVisit, kneePain, missingFrom } from "./visits.ts";
import type { World } from "./world.ts";

const leadInSeconds = 8;

test.use({ takes: 3 });
// One after the other: the words of a whole note are judged, and a busy machine's test microphone drops sound.
test.describe.configure({ mode: "default" });

test.describe("on a weekday", () => {
  test("a spoken visit becomes a signed note in the chart and a booked follow-up", async ({ world, sitDown }) => {
    await wholeWay({ world, sitDown, expected: chestPain });
  });
});

test.describe("on a Saturday", () => {
  test.use({ startsAt: days.saturday });
  test("another visit gives another note", async ({ world, sitDown }) => {
    await wholeWay({ world, sitDown, expected: kneePain });
  });
});

test.describe("on the day when clocks change", () => {
  test.use({ startsAt: days.clocksChange });
  test("a visit that the note writer was not made with gives a right note", async ({ world, sitDown }) => {
    await wholeWay({ world, sitDown, expected: cough });
  });
});

type Way = { world: World; sitDown: SitDown; expected: ExpectedVisit };

async function wholeWay({ world, sitDown, expected }: Way): Promise<void> {
  const before = await chartOf(world.chartUrl, expected.patient);
  const hears = { sound: { visit: expected.name }, leadInSeconds };
  const room = await sitDown({ profile: "room-1", hears });
  await clinician.signIn(room.page, world.origin, expected.clinician);
  const seconds = Math.ceil(room.microphoneSeconds);
  const longestMs = await recordVisit(room.page, expected, seconds);
  await clinician.openDraft(room.page);
  const dropouts = `dropouts: ${JSON.stringify(markedGaps(world.folder))}`;
  expect.soft(missingFrom(await clinician.readNote(room.page), expected), dropouts).toEqual([]);
  const [decodedMs] = await decodedSessions(join(world.folder, "scribe"));
  expect(Math.abs((decodedMs ?? 0) - (await declaredMs(room.page)))).toBeLessThanOrEqual(50);
  expect(decodedMs).toBeGreaterThan(seconds * 1000 - 500);
  expect(decodedMs).toBeLessThan(longestMs + 500);

  await clinician.rewrite(room.page, "Assessment", (text) => `${text}\nDiscussed with the patient.`);
  await clinician.signAndFile(room.page);
  const signedText = await room.page.getByRole("region", { name: "Signed note" }).innerText();
  const filed = await chartOf(world.chartUrl, expected.patient);
  expect(filed.encounters).toHaveLength(before.encounters.length + 1);
  expect(filed.soapNotes).toHaveLength(before.soapNotes.length + 1);
  const note = filed.soapNotes.at(-1);
  for (const text of [note?.subjective, note?.objective, note?.assessment, note?.plan]) {
    expect(flat(signedText)).toContain(flat(text ?? "missing"));
  }
  expect(note?.assessment).toContain("Discussed with the patient.");
  await clinician.addAddendum(room.page, "The patient called: it is the other side.");
  const added = (await chartOf(world.chartUrl, expected.patient)).soapNotes.slice(before.soapNotes.length);
  expect(added).toEqual([note, expect.objectContaining({ encounter: note?.encounter })]);
  expect(added[1]?.subjective).toContain("The patient called: it is the other side.");

  const frontDesk = await sitDown({ profile: "desk", hears: quiet });
  await clinician.signIn(frontDesk.page, world.origin, clinician.desk);
  await bookFirstTime(frontDesk.page, expected.patient);
  const booked = (await chartOf(world.chartUrl, expected.patient)).appointments.filter(
    ({ eid }) => !before.appointments.some((known) => known.eid === eid),
  );
  expect(booked).toHaveLength(1);
  const due = Date.now() + world.clockOffsetMs + expected.followUpDays * 86_400_000;
  const daysFromDue = (Date.parse(`${booked[0]?.date ?? ""}T12:00:00Z`) - due) / 86_400_000;
  expect(daysFromDue).toBeGreaterThan(-4);
  expect(daysFromDue).toBeLessThan(10);
}

/** Records the whole visit; answers with the time from Start to Stop in ms, as far as it can be seen from outside. */
async function recordVisit(page: Page, expected: ExpectedVisit, seconds: number): Promise<number> {
  await clinician.prepareVisit(page, expected.patient);
  const pressedAt = performance.now();
  await clinician.startRecording(page);
  await clinician.recordedFor(page, seconds);
  await clinician.stopRecording(page);
  return performance.now() - pressedAt;
}

/** What the device declared when it finished, in ms: the sum of what it had on its disk. */
async function declaredMs(page: Page): Promise<number> {
  const id = clinician.visitIdOn(page);
  const visit = VisitView.parse(
    await page.evaluate(async (visitId) => (await fetch(`/api/visits/${visitId}`)).json(), id),
  );
  return visit.declared?.durationMs ?? 0;
}

async function bookFirstTime(page: Page, patient: string): Promise<void> {
  const row = page.getByRole("row", { name: new RegExp(patient, "u") }).first();
  await expect(row).toContainText(/weeks|days/u);
  await row.click();
  await page.locator("[aria-pressed][aria-label*=' am'], [aria-pressed][aria-label*=' pm']").first().click();
  await page.getByRole("button", { name: "Book this time" }).click();
  await expect(page.getByRole("heading", { name: "Follow-up booked" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Appointment slip" })).toContainText(/[A-Z0-9]{6}/u);
}

function flat(text: string): string {
  return text.replaceAll(/\s+/gu, " ").trim();
}
