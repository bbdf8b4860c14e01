import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestClinic } from "#bff/openemr/test-clinic.ts";
import type { TestClinic } from "#bff/openemr/test-clinic.ts";
import { DeskCalendar } from "#protocol/bff-desk.ts";
import { deskCalendarRoutes } from "./desk-calendar.ts";

let clinic: TestClinic;
beforeEach(() => {
  clinic = createTestClinic(deskCalendarRoutes);
  const at = (pc_eventDate: string, pc_startTime: string, more: Record<string, string | null>) =>
    clinic.chart.insert({ pc_aid: "5", pc_eventDate, pc_startTime, pc_duration: "1800", ...more });
  at("2026-11-23", "09:00", { pid: "1", pc_title: "Cough" });
  at("2026-11-23", "08:00", { pid: "2", pc_aid: "6", pc_title: "Knee" });
  at("2026-11-23", "10:00", { pid: "2", pc_apptstatus: "x" });
  at("2026-11-23", "12:00", { pc_catid: "8", pc_title: "Lunch" });
  at("2026-11-24", "09:00", { pid: "1" });
  at("2026-11-28", "09:00", { pid: "1" });
});
afterEach(() => clinic.close());

async function calendar(days: number): Promise<DeskCalendar> {
  const { status, json } = await clinic.as("desk", `GET /api/desk/calendar?from=2026-11-23&days=${days}`);
  expect(status).toBe(200);
  return DeskCalendar.parse(json);
}

test("a day: who is seen by whom and when, with the blocks, without what was cancelled", async () => {
  const { clinicians, entries } = await calendar(1);
  expect(clinicians.map(({ name }) => name)).toEqual(["Ann Ray", "Kim Lee"]);
  expect(
    entries.map((entry) => [entry.kind, entry.startTime, entry.endTime, entry.patient?.name ?? entry.title]),
  ).toEqual([
    ["appointment", "08:00", "08:30", "Ben Dixon"],
    ["appointment", "09:00", "09:30", "Ana Diaz"],
    ["block", "12:00", "12:30", "Lunch"],
  ]);
});

test("a week holds its five days and no more", async () => {
  expect(new Set((await calendar(5)).entries.map(({ date }) => date))).toEqual(new Set(["2026-11-23", "2026-11-24"]));
});

test("clinicians and strangers have no desk; a month at once is refused; the look is in the audit", async () => {
  const url = "GET /api/desk/calendar?from=2026-11-23&days=1";
  expect(await clinic.as("lee", url)).toMatchObject({ status: 403 });
  expect(await clinic.as("nobody", url)).toMatchObject({ status: 401 });
  expect(await clinic.as("desk", url.replace("days=1", "days=31"))).toMatchObject({ status: 400 });
  await calendar(1);
  expect(await clinic.auditRows()).toMatchObject([{ action: "R", object: "calendar:2026-11-23:1" }]);
});
