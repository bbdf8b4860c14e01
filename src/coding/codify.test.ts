import { expect, test } from "vitest";
import { problem } from "#model/problem.ts";
import { createFakeWaiting, createFakeWire } from "#scribe/fake-wire.ts";
import { createCodify } from "./codify.ts";

const codable = { text: "Assessment:\nHigh blood pressure.", doctor: "uuid-doctor", patient: "uuid-patient" };

function bench({ random = 1 } = {}) {
  const wire = createFakeWire();
  const waiting = createFakeWaiting({ random });
  const url = "https://codify.example.org/clinic/";
  const coding = createCodify({ url, token: "secret", model: "balanced", send: wire.send, waiting });
  return { wire, waiting, suggest: (more: Partial<typeof codable> = {}) => coding.suggest({ ...codable, ...more }) };
}

const found = { code: "i10", description: "Essential\n(primary)  hypertension", justification: "BP 150/90" };
const good = { final_code_assessments: [{ ...found, confidence_percent: 95.2 }], run_id: "run-1" };

test("the request is the seed's: bearer, ids as headers, the note and the model alone in the body, ten minutes", async () => {
  const { wire, suggest } = bench();
  const running = suggest();
  const { request, json, respondWith } = await wire.nextRequest();
  respondWith({ status: 200, body: good });
  await running;
  expect(request).toMatchObject({
    method: "POST",
    url: "https://codify.example.org/clinic/v1/codify",
    headers: {
      authorization: "Bearer secret",
      "content-type": "application/json",
      "x-doctor": "uuid-doctor",
      "x-patient": "uuid-patient",
    },
    deadlineMs: 600_000,
  });
  expect(json()).toEqual({ medical_note: codable.text, model: "balanced" });
});

const suggestion = { ...found, code: "I10", description: "Essential (primary) hypertension" };

test.each([
  ["a number", 95.2, 95.2],
  ["text", "95.2", 95.2],
  ["a Spanish per cent", "95,2 %", 95.2],
  ["no number", "high", null],
  ["nothing", undefined, null],
  ["more than all", 120, null],
])("confidence as %s; the discarded list may be missing", async (...[, told, confidence]) => {
  const { wire, suggest } = bench();
  const running = suggest();
  const body = { final_code_assessments: [{ ...found, confidence_percent: told }], run_id: "run-1" };
  (await wire.nextRequest()).respondWith({ status: 200, body });
  expect(await running).toEqual({ suggested: [{ ...suggestion, confidence }], discarded: [], runId: "run-1" });
});

test("discarded codes are kept apart; a run without an id is a run", async () => {
  const { wire, suggest } = bench();
  const running = suggest();
  const body = { final_code_assessments: [], discarded_code_assessments: [{ code: "R50.9" }] };
  (await wire.nextRequest()).respondWith({ status: 200, body });
  const discarded = [{ code: "R50.9", description: "", justification: "", confidence: null }];
  expect(await running).toEqual({ suggested: [], discarded, runId: null });
});

test("more than 50 KB of UTF-8 is not sent, and the field is named", async () => {
  const { wire, suggest } = bench();
  await expect(suggest({ text: `${"é".repeat(25_000)}x` })).rejects.toMatchObject({
    problem: { code: "coding_note_too_large", field: "medical_note", detail: "50001 bytes, at most 50000" },
  });
  await expect(suggest({ text: " \n" })).rejects.toMatchObject({ problem: { code: "invalid_request" } });
  expect(wire.pending()).toBe(0);
});

test.each([
  [429, "rate_limited"],
  [500, "coding_down"],
  [503, "coding_down"],
  [504, "coding_timed_out"],
])("%i is asked three times more, after 1, 2 and 4 s", async (status, code) => {
  const { wire, waiting, suggest } = bench();
  const running = suggest();
  const told = expect(running).rejects.toMatchObject({ problem: { code, detail: `status ${status}` } });
  for (let n = 0; n < 4; n += 1) (await wire.nextRequest()).respondWith({ status, body: { success: false } });
  await told;
  expect(waiting.pauses).toEqual([1000, 2000, 4000]);
  expect(wire.pending()).toBe(0);
});

test.each([
  [400, "coding_refused"],
  [401, "coding_refused"],
  [413, "coding_note_too_large"],
  [422, "coding_refused"],
  [302, "coding_answer_unreadable"],
])("%i is asked once, and nothing of its body is repeated", async (status, code) => {
  const { wire, waiting, suggest } = bench();
  const running = suggest();
  const body = { success: false, error: "Bad Request", details: "Ada Quill 1950" };
  (await wire.nextRequest()).respondWith({ status, body });
  const thrown: unknown = await running.catch((error: unknown) => error);
  expect(thrown).toMatchObject({ problem: { code } });
  expect(JSON.stringify(thrown)).not.toContain("Ada");
  expect([waiting.pauses, wire.pending()]).toEqual([[], 0]);
});

test("jitter is full, the whole Retry-After is waited for, and a wire that broke is asked again", async () => {
  const { wire, waiting, suggest } = bench({ random: 0.25 });
  const running = suggest();
  (await wire.nextRequest()).failWith(new Error("ECONNRESET"));
  (await wire.nextRequest()).respondWith({ status: 429, headers: { "retry-after": "90" } });
  (await wire.nextRequest()).respondWith({ status: 200, body: good });
  expect(await running).toMatchObject({ runId: "run-1" });
  expect(waiting.pauses).toEqual([250, 90_000]);
});

test("a Retry-After longer than a run is told, not waited for", async () => {
  const { wire, waiting, suggest } = bench();
  const running = suggest();
  (await wire.nextRequest()).respondWith({ status: 429, headers: { "retry-after": "3600" } });
  await expect(running).rejects.toMatchObject({ problem: { code: "rate_limited", retryAfterMs: 3_600_000 } });
  expect(waiting.pauses).toEqual([]);
});

test("ten minutes without an answer end the run: it is not asked for ten more", async () => {
  const { wire, suggest } = bench();
  const running = suggest();
  (await wire.nextRequest()).failWith(problem("timed_out"));
  await expect(running).rejects.toMatchObject({ problem: { code: "coding_timed_out" } });
  expect(wire.pending()).toBe(0);
});
