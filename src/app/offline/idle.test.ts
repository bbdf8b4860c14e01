import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createIdleWatch } from "./idle.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function workstation({ wasLeft = false } = {}) {
  const target = new EventTarget();
  const seen: number[] = [];
  const start = Date.now();
  const watch = createIdleWatch({
    idleMs: 300_000,
    now: () => Date.now(),
    wasLeft,
    onSeen: (at) => seen.push(at - start),
    target,
  });
  const stop = watch.start();
  const input = (): boolean => target.dispatchEvent(new Event("keydown"));
  const isCovered = (): boolean => watch.store.getState().isCovered;
  return { watch, stop, seen, input, isCovered };
}

test("covered after the idle time, not before; input begins it anew, and a touch alone does not uncover", () => {
  const { input, isCovered, watch } = workstation();
  vi.advanceTimersByTime(299_000);
  expect(isCovered()).toBe(false);
  input();
  vi.advanceTimersByTime(299_000);
  expect(isCovered()).toBe(false);
  vi.advanceTimersByTime(3000);
  expect(isCovered()).toBe(true);
  input();
  expect(isCovered()).toBe(true);
  watch.uncover();
  expect(isCovered()).toBe(false);
});

test("the first touch after the machine slept covers, although no timer ran", () => {
  const { input, isCovered } = workstation();
  vi.setSystemTime(Date.now() + 600_000);
  input();
  expect(isCovered()).toBe(true);
});

test("a workstation that was left begins covered; its input is told once a minute", () => {
  expect(workstation({ wasLeft: true }).isCovered()).toBe(true);
  const { seen, input } = workstation();
  for (let second = 0; second < 130; second += 1) {
    vi.advanceTimersByTime(1000);
    input();
  }
  expect(seen).toEqual([0, 60_000, 120_000]);
});

test("stopped, it covers nothing any more", () => {
  const { stop, isCovered } = workstation();
  stop();
  vi.advanceTimersByTime(900_000);
  expect(isCovered()).toBe(false);
});
