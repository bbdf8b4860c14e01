import { expect, test } from "vitest";
import { problem } from "#model/problem.ts";
import { createFakeWaiting } from "./fake-wire.ts";
import { retry } from "./retry.ts";

test("pauses 1, 2 and 4 s at most, then gives up with the last problem", async () => {
  const waiting = createFakeWaiting({ random: 1 });
  let tries = 0;
  const failing = retry(
    () => {
      tries += 1;
      return Promise.reject(problem("scribe_down"));
    },
    waiting,
    60_000,
  );
  await expect(failing).rejects.toMatchObject({ problem: { code: "scribe_down" } });
  expect(tries).toBe(4);
  expect(waiting.pauses).toEqual([1000, 2000, 4000]);
});

test("jitter is full: the pause is a random share of its ceiling", async () => {
  const waiting = createFakeWaiting({ random: 0.25 });
  const answers = [problem("rate_limited"), problem("scribe_down")];
  await retry(() => (answers.length > 0 ? Promise.reject(answers.shift()) : Promise.resolve("ok")), waiting, 60_000);
  expect(waiting.pauses).toEqual([250, 500]);
});

test("waits as long as the service asked, never less", async () => {
  const waiting = createFakeWaiting({ random: 0.1 });
  const answers = [problem("rate_limited", { retryAfterMs: 7000 })];
  await retry(() => (answers.length > 0 ? Promise.reject(answers.shift()) : Promise.resolve("ok")), waiting, 60_000);
  expect(waiting.pauses).toEqual([7000]);
});

test("a Retry-After beyond the budget is handed on at once", async () => {
  const waiting = createFakeWaiting({ random: 0 });
  const refused = retry(() => Promise.reject(problem("scribe_down", { retryAfterMs: 30_000 })), waiting, 10_000);
  await expect(refused).rejects.toMatchObject({ problem: { retryAfterMs: 30_000 } });
  expect(waiting.pauses).toEqual([]);
});

test("processing_failed and faults of the program are not tried again", async () => {
  for (const thrown of [problem("processing_failed"), new TypeError("x is not a function")]) {
    let tries = 0;
    const once = retry(
      () => {
        tries += 1;
        return Promise.reject(thrown);
      },
      createFakeWaiting({ random: 0 }),
      60_000,
    );
    await expect(once).rejects.toBe(thrown);
    expect(tries).toBe(1);
  }
});
