/** Several things can be wrong at once; the screen says the worst. A fault is heard too, once, when it begins. */
import type { RecordingView } from "#model/recording.ts";
import type { Warning } from "./listen.ts";

export type Fault = "microphone_lost" | "microphone_muted";
export type Notice = "microphone_changed" | "woke_up";

export type WarningBoard = {
  /** Holds until it is taken back with null. */
  fault(fault: Fault | null): void;
  /** Said for ten seconds. `isLoud`: with the alarm. */
  notice(notice: Notice, isLoud?: boolean): void;
  /** What the levels tell; `isDead`: not even noise comes, which is a fault. */
  heard(warning: Warning, isDead: boolean): void;
  /** Nothing is recorded: only faults are still of interest. */
  quiet(): void;
  clear(): void;
};

export type BoardParts = { show(warning: RecordingView["warning"]): void; soundAlarm(): void };

const noticeMs = 10_000;

const worstFirst = [
  "microphone_lost",
  "microphone_muted",
  "nothing_heard",
  "woke_up",
  "microphone_changed",
  "not_speech",
  "too_loud",
  "too_quiet",
] as const;

export function createWarningBoard({ show, soundAlarm }: BoardParts): WarningBoard {
  let fault: Fault | null = null;
  let notice: Notice | null = null;
  let heard: Warning = null;
  let isDead = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let shown: RecordingView["warning"] = null;

  const update = (): void => {
    const said = [fault, notice, heard];
    const worst = worstFirst.find((warning) => said.includes(warning)) ?? null;
    if (worst !== shown) show((shown = worst));
  };
  const forget = (): void => {
    clearTimeout(timer);
    notice = null;
    update();
  };
  return {
    fault: (next) => {
      if (next !== null && next !== fault) soundAlarm();
      fault = next;
      update();
    },
    notice: (next, isLoud = false) => {
      clearTimeout(timer);
      timer = setTimeout(forget, noticeMs);
      notice = next;
      if (isLoud) soundAlarm();
      update();
    },
    heard: (warning, dead) => {
      if (dead && !isDead && fault === null) soundAlarm();
      [heard, isDead] = [warning, dead];
      update();
    },
    quiet: () => {
      [heard, isDead] = [null, false];
      forget();
    },
    clear: () => {
      [fault, heard, isDead] = [null, null, false];
      forget();
    },
  };
}
