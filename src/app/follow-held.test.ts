import { afterEach, expect, test, vi } from "vitest";
import { VisitId } from "#model/id.ts";
import type { HeldVisit } from "#model/recording.ts";
import type { VisitView } from "#protocol/bff.ts";
import { followHeld } from "./follow-held.ts";

const ids = [1, 2, 3, 4].map((digit) => VisitId.parse(`3f0c6a52-9a1b-4c0e-8a53-1f4a3f6f2f1${digit}`));

afterEach(() => void vi.useRealTimers());

test("finished visits of this clinician are asked about at sign-in and every hour; one that fails stops no other", async () => {
  vi.useFakeTimers();
  const held = ids.map((visitId, place) => ({
    visitId,
    finished: place !== 2,
    clinicianId: place === 3 ? "dr-y" : "dr-x",
  }));
  const told: string[] = [];
  const stop = followHeld({
    clinicianId: "dr-x",
    bff: { visit: async (id) => (id === ids[0] ? Promise.reject(new Error("offline")) : ({ id } as VisitView)) },
    visits: {
      held: async () => held as HeldVisit[],
      visitChanged: async ({ id }) => void told.push(id),
    },
  });
  await vi.advanceTimersByTimeAsync(0);
  expect(told).toEqual([ids[1]]);
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(told).toEqual([ids[1], ids[1]]);
  stop();
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(told).toHaveLength(2);
});
