import { expect, test } from "vitest";
import type { ServiceView } from "#protocol/bff-services.ts";
import { answeredOf, factsOf, failoverOf, groupedFailures, healthOf } from "./service-words.ts";

test.each([
  [{ state: "up", breaker: "closed" }, "good", "Answers"],
  [{ state: "up", breaker: "half_open" }, "warn", "Being tried again"],
  [{ state: "up", breaker: "open" }, "warn", "Resting after failures"],
  [{ state: "down", breaker: "closed" }, "danger", "Not answering"],
] as const)("%j", (service, tone, words) => {
  expect(healthOf(service)).toEqual({ tone, words });
});

const service: ServiceView = {
  id: "a",
  name: "A",
  url: "https://a.example",
  state: "up",
  breaker: "closed",
  protocol: "OMSIF",
  wants: "chunks",
  model: null,
  maxChunkSeconds: 9.5,
  maxSessionSeconds: 3600,
  audioFormats: ["audio/wav", "audio/mp4"],
  templates: [],
  webhooks: false,
  speechEngine: null,
  noteWriter: null,
};

test("what a service says of itself; what it does not say is named alone", () => {
  const { told, untold } = factsOf(service);
  expect(told.map(({ label, value }) => `${label}: ${value}`)).toEqual([
    "Takes: Pieces while the visit goes on",
    "Longest piece of audio: 9.5 s",
    "Longest session: 60 min",
    "Audio formats: audio/wav, audio/mp4",
    "Notifies: No, it is asked",
  ]);
  expect(untold).toEqual(["model", "templates", "speech engine", "note writer"]);
});

test("the same failure again and again is one line", () => {
  const down = { doing: "send", code: "scribe_down", detail: null } as const;
  const at = (minute: number) => `2026-11-20T15:0${minute}:00Z`;
  const other = { ...down, detail: "503", at: at(1) };
  expect(groupedFailures([{ ...down, at: at(4) }, { ...down, at: at(3) }, other, { ...down, at: at(0) }])).toEqual([
    { ...down, at: at(4), count: 2, since: at(3) },
    { ...other, count: 1, since: at(1) },
    { ...down, at: at(0), count: 1, since: at(0) },
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
