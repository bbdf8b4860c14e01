/** Five thousand bad answers: always an end, with suggestions or with a named problem that repeats nothing. The seed is in the failure's text. */
import { expect, test } from "vitest";
import { CodeSuggestions } from "#model/code-suggestion.ts";
import { Problem, ProblemError } from "#model/problem.ts";
import { createFakeWaiting } from "#scribe/fake-wire.ts";
import { createCodify } from "./codify.ts";
import type { CodingAnswer } from "./coding.ts";

const canary = "Ada Quill 1950";

/** mulberry32. */
function createRandom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

const strange: unknown[] = [null, true, -1, 1e308, "", canary, "\u0000", [], {}, [null], [[canary]], "__proto__", NaN];
const one = { code: "I10", description: "Hypertension", justification: canary, confidence_percent: "95" };
const valid = { final_code_assessments: [one, one], discarded_code_assessments: [one], run_id: canary };
const huge = new TextEncoder().encode(JSON.stringify({ ...valid, run_id: "x".repeat(5_000_000) }));
const statuses = [200, 200, 200, 200, 200, 201, 204, 301, 400, 401, 403, 404, 413, 422, 429, 500, 503, 504];

function mutated(value: unknown, random: (below: number) => number): unknown {
  if (random(8) === 0) return strange[random(strange.length)];
  if (Array.isArray(value)) return value.map((item) => (random(2) === 0 ? mutated(item, random) : item));
  if (typeof value !== "object" || value === null) return random(3) === 0 ? strange[random(strange.length)] : value;
  const entries = Object.entries(value).filter(() => random(10) > 0);
  return Object.fromEntries([
    ...entries.map(([key, inner]) => [key, random(3) === 0 ? mutated(inner, random) : inner]),
    ...(random(6) === 0 ? [[canary, {}]] : []),
  ]);
}

function badAnswer(random: (below: number) => number): CodingAnswer {
  const json = JSON.stringify(mutated(valid, random)) ?? "";
  const bodies = [json, json, json, json.slice(0, random(json.length + 1)), `<p>${canary}</p>`, "", "[".repeat(9000)];
  const body = random(500) === 0 ? huge : new TextEncoder().encode(bodies[random(bodies.length)]);
  const wait = ["1", "-1", "soon", "99999999999999999999", canary][random(5)];
  const type = ["application/json", "text/html", "", "image/png"][random(4)] ?? "";
  const headers: Record<string, string> = { "content-type": type };
  if (random(3) === 0 && wait !== undefined) headers["retry-after"] = wait;
  return { status: statuses[random(statuses.length)] ?? 200, headers, body };
}

async function outcomeOf(seed: number): Promise<string> {
  const random = createRandom(seed);
  let asked = 0;
  const send = async (): Promise<CodingAnswer> => {
    asked += 1;
    if (random(25) === 0) throw new Error(canary);
    return badAnswer(random);
  };
  const coding = createCodify({
    url: "https://codify.example.org",
    token: "t",
    model: "fast",
    send,
    waiting: createFakeWaiting(),
  });
  const outcome = await coding.suggest({ text: "Rest.", doctor: "d", patient: "p" }).then(
    (result) => CodeSuggestions.safeParse(result).success && "ok",
    (thrown: unknown) => (thrown instanceof ProblemError ? thrown.problem : thrown),
  );
  expect(asked, `requests, seed ${seed}`).toBeLessThanOrEqual(4);
  if (outcome === "ok") return outcome;
  const { code, ...more } = Problem.parse(outcome);
  expect(code, `seed ${seed}`).not.toBe("internal_error");
  expect(JSON.stringify(more), `seed ${seed}`).not.toContain("Ada");
  return code;
}

test("5,000 bad answers: always an end, always by name", async () => {
  const counts = new Map<string, number>();
  for (let seed = 0; seed < 5000; seed += 1) {
    const outcome = await outcomeOf(seed);
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  // The generator reaches the ways through: a fuzz that only ever met refusals would prove little.
  expect(counts.get("ok")).toBeGreaterThan(50);
  for (const code of ["coding_answer_unreadable", "coding_refused", "coding_note_too_large"]) {
    expect(counts.get(code), code).toBeGreaterThan(20);
  }
});
