import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createWarningBoard, type WarningBoard } from "./warning-board.ts";

let shown: string | null;
let alarms: number;
let board: WarningBoard;

beforeEach(() => {
  vi.useFakeTimers();
  [shown, alarms] = [null, 0];
  board = createWarningBoard({
    show: (warning) => {
      shown = warning;
    },
    soundAlarm: () => {
      alarms += 1;
    },
  });
});

afterEach(() => vi.useRealTimers());

test("the worst is shown; what it covered comes back when it is gone", () => {
  board.heard("too_quiet", false);
  expect(shown).toBe("too_quiet");
  board.fault("microphone_lost");
  expect(shown).toBe("microphone_lost");
  board.notice("microphone_changed");
  expect(shown).toBe("microphone_lost");
  board.fault(null);
  expect(shown).toBe("microphone_changed");
  vi.advanceTimersByTime(10_000);
  expect(shown).toBe("too_quiet");
  board.heard(null, false);
  expect(shown).toBeNull();
});

test("each fault is heard once: when it begins, not while it lasts, and again the next time", () => {
  board.fault("microphone_muted");
  board.fault("microphone_muted");
  expect(alarms).toBe(1);
  board.fault("microphone_lost");
  expect(alarms).toBe(2);
  board.fault(null);
  board.fault("microphone_lost");
  expect(alarms).toBe(3);
});

test("dead silence is a fault, a quiet minute is not; neither rings over a fault that has rung", () => {
  board.heard("nothing_heard", false);
  expect(alarms).toBe(0);
  for (let report = 0; report < 30; report += 1) board.heard("nothing_heard", true);
  expect(alarms).toBe(1);
  board.heard(null, false);
  board.fault("microphone_muted");
  board.heard("nothing_heard", true);
  expect(alarms).toBe(2);
});

test("a pause takes back what was heard, not a fault", () => {
  board.heard("too_loud", false);
  board.quiet();
  expect(shown).toBeNull();
  board.fault("microphone_lost");
  board.quiet();
  expect(shown).toBe("microphone_lost");
  board.clear();
  expect(shown).toBeNull();
});
