import { expect, test, vi } from "vitest";
import { clinicOffset } from "./clinic-offset.ts";

const clinicNow = Date.parse("2026-11-21T10:05:00.000Z");
const answered = { now: new Date(clinicNow).toISOString() };

/** The page's clocks stand still at 5 s after its start; these answers have come. */
function heard(...answers: { path?: string; startTime: number; responseStart: number }[]): void {
  vi.spyOn(Date, "now").mockReturnValue(clinicNow - 60_000);
  vi.spyOn(performance, "now").mockReturnValue(5000);
  const entries = answers.map(({ path = "/api/bootstrap?upstreams=last", ...times }) => ({
    name: `https://clinic.example${path}`,
    ...times,
  }));
  vi.spyOn(performance, "getEntriesByType").mockReturnValue(entries as unknown as PerformanceEntryList);
}

test("an answer that waited for a busy page tells the time at which it came", () => {
  heard({ startTime: 900, responseStart: 3800 });
  expect(clinicOffset(answered, 0)).toBe(60_000 + 1200);
});

test("of several answers the newest counts", () => {
  heard({ startTime: 900, responseStart: 1000 }, { path: "/api/bootstrap", startTime: 4000, responseStart: 4990 });
  expect(clinicOffset(answered, 0)).toBe(60_010);
});

test("where the browser did not say when it came, it came now: not with an answer of before, of another route, or none", () => {
  heard({ startTime: 900, responseStart: 1000 });
  expect(clinicOffset(answered, 4000)).toBe(60_000);
  heard({ path: "/api/session", startTime: 900, responseStart: 1000 }, { startTime: 900, responseStart: 0 });
  expect(clinicOffset(answered, 0)).toBe(60_000);
});
