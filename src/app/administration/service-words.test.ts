import { expect, test } from "vitest";
import { answeredOf, failoverOf, healthOf, limitOf, listOf, takesOf, yesOrNo } from "./service-words.ts";

test.each([
  [{ state: "up", breaker: "closed" }, "good", "Answers"],
  [{ state: "up", breaker: "half_open" }, "warn", "Being tried again"],
  [{ state: "up", breaker: "open" }, "warn", "Resting after failures"],
  [{ state: "down", breaker: "closed" }, "danger", "Not answering"],
] as const)("%j", (service, tone, words) => {
  expect(healthOf(service)).toEqual({ tone, words });
});

test("limits and what is not told", () => {
  expect([null, 19, 9.5, 3600].map((seconds) => limitOf(seconds))).toEqual([
    "No limit told",
    "19 s",
    "9.5 s",
    "60 min",
  ]);
  expect([listOf([]), listOf(["a", "b"]), yesOrNo(null), yesOrNo(true), takesOf({ wants: null })]).toEqual([
    "Not told",
    "a, b",
    "Not told",
    "Yes",
    "Not told",
  ]);
});

const report = { id: "a", downSince: null, lastAnswerAt: null, failures: [] };

test("what happens when a service is down", () => {
  const both = [report, { ...report, id: "b" }];
  expect(failoverOf({ failoverAfterSeconds: null, services: [report] })).toContain("There is one service");
  expect(failoverOf({ failoverAfterSeconds: null, services: both })).toContain("when its clinician sends it");
  expect(failoverOf({ failoverAfterSeconds: 120, services: both })).toContain("by itself after 2 min");
});

test("when it last answered", () => {
  const nowMs = Date.parse("2026-11-20T15:10:00Z");
  expect(answeredOf(report, nowMs)).toBe("Not asked yet");
  expect(answeredOf({ ...report, lastAnswerAt: "2026-11-20T15:00:00Z" }, nowMs)).toMatch(/^Last answer 10 min/u);
  expect(answeredOf({ ...report, downSince: "2026-11-20T15:00:00Z" }, nowMs)).toMatch(/^First failure 10 min ago/u);
});
