import { expect, test } from "vitest";
import { VisitView } from "#protocol/bff.ts";
import { type LocalTally, paceOf, stepsOf } from "./steps-of.ts";

function visit(more: Partial<Record<keyof VisitView, unknown>> = {}): VisitView {
  return VisitView.parse({
    id: "6b1f7c1e-6f0b-4a53-9c3e-0d3e5c1f2a10",
    state: "processing",
    patient: { id: "p", name: "Ada Quill", birthDate: "1957-03-09", recordNumber: "1", sex: null },
    appointmentId: null,
    reason: "",
    clinician: { id: "u", name: "Dr. Hale" },
    startedAt: "2026-11-21T10:00:00Z",
    updatedAt: "2026-11-21T10:20:00Z",
    device: "Room 3",
    received: { chunks: 4, durationMs: 60_000 },
    declared: { chunks: 4, durationMs: 60_000 },
    step: "transcribing",
    problem: null,
    signedAt: null,
    filing: null,
    ...more,
  });
}

const local: LocalTally = { durableMs: 61_500, chunksCut: 5, chunksReceived: 3, finished: true };
const states = (input: Parameters<typeof stepsOf>[0]) => stepsOf(input).map((step) => step.state);

test("while chunks leave the device, saved is done and sent counts them", () => {
  const steps = stepsOf({
    visit: visit({ declared: null, step: null, received: { chunks: 2, durationMs: 1 } }),
    local,
  });
  expect(steps.map((step) => step.state)).toEqual(["done", "now", "next", "next", "next"]);
  expect(steps[0]?.note).toBe("1:01 recorded");
  expect(steps[1]?.note).toBe("3 of 5 pieces received by the scribe");
});

test("without any answer of the clinic server the device's own tally is shown", () => {
  expect(states({ visit: undefined, local })).toEqual(["done", "now", "next", "next", "next"]);
});

test("a recording that is not closed is not called saved", () => {
  expect(states({ visit: undefined, local: { ...local, finished: false } })[0]).toBe("now");
});

test("each step of the scribe ticks the ones before it", () => {
  expect(states({ visit: visit(), local: undefined })).toEqual(["done", "done", "now", "next", "next"]);
  expect(states({ visit: visit({ step: "checking" }), local })).toEqual(["done", "done", "done", "done", "now"]);
  expect(states({ visit: visit({ step: "done", state: "draft_ready" }), local })).toEqual(Array(5).fill("done"));
});

test("a failure stands at the step where it happened", () => {
  expect(states({ visit: visit({ state: "failed", step: "writing" }), local })).toEqual([
    "done",
    "done",
    "done",
    "failed",
    "next",
  ]);
});

test("silence of the scribe is called slow after two minutes and stuck after ten", () => {
  const at = Date.parse("2026-11-21T10:20:00Z");
  expect(paceOf(visit(), at + 119_000)).toBe("normal");
  expect(paceOf(visit(), at + 120_000)).toBe("slow");
  expect(paceOf(visit(), at + 600_000)).toBe("stuck");
  expect(paceOf(visit({ state: "failed" }), at + 600_000)).toBe("normal");
});
