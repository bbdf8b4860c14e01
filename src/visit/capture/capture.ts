/**
 * The microphone. In: what is said in the room. Out: fragments of a quarter of a second, in order, to whoever makes them durable;
 * and, for the screen, level and warnings. Nothing here survives a crash: up to a third of a second is in the browser's hands
 * before it becomes a fragment.
 */
import type { Clock } from "#model/clock.ts";
import { problem } from "#model/problem.ts";
import { idleRecording, type RecordingView } from "#model/recording.ts";
import { createStore, type StoreApi } from "zustand/vanilla";
import { soundAlarm } from "./alarm.ts";
import { adopt, type Booth, type Hold } from "./booth.ts";
import { createInputs, type Input } from "./input.ts";
import { silence, type Level } from "./level.ts";
import { listMicrophones, type Preset } from "./microphone.ts";
import type { MicrophoneTest } from "./microphone-test.ts";
import { microphoneEnded, microphoneMuted } from "./rescue.ts";
import { changeMicrophone, dropRun, endRun, holdRun, resumeRun, startRun } from "./run.ts";
import type { Take } from "./take.ts";
import { createTurns } from "./turns.ts";
import { createWarningBoard } from "./warning-board.ts";

export type { Hold } from "./booth.ts";
export type { Take } from "./take.ts";

/** `deviceId` undefined is the browser's default microphone. */
export type Choice = { deviceId?: string | undefined; preset: Preset };

export type Capture = {
  /** The recording screen's numbers; microphones, level and warnings in it are kept by the capture. */
  store: StoreApi<RecordingView>;
  /** Asks for the microphone; an absent one is replaced by the default, with a warning. `conflict` while it records. */
  open(choice: Choice): Promise<void>;
  /** Another microphone, also while recording and without a gap. The one before stays when this rejects. */
  change(deviceId: string): Promise<void>;
  /** Is there a microphone that gives sound? */
  isOpen(): boolean;
  /** Does nothing while it records. */
  close(): void;
  test(durationMs: number): Promise<MicrophoneTest>;
  /** Begins to record; the microphone must be open. `recorder_unsupported`, and what the journal refuses with. */
  start(take: Take): Promise<void>;
  /** What is said from here to `resume` is stored nowhere. */
  hold(hold: Hold): void;
  /** Also after the microphone was lost: opens it again. */
  resume(): Promise<void>;
  /** Resolves after the last fragment is durable; after a refusal it can be called again. */
  stop(): Promise<void>;
  /** The black box of the recording that runs has lost its samples' way: it gets another. */
  tapAgain(): void;
  /** Stops, and forgets what the journal has not taken yet. */
  drop(): Promise<void>;
};

export function createCapture(clock: Clock, alarm = soundAlarm): Capture {
  const store = createStore<RecordingView>(() => idleRecording);
  const booth: Booth = {
    clock,
    store,
    board: createWarningBoard({ show: (warning) => store.setState({ warning }), soundAlarm: alarm }),
    inputs: createInputs(clock, {
      onEnded: (input) => microphoneEnded(booth, input),
      onMuted: (input, muted) => microphoneMuted(booth, input, muted),
      onLevel: (input, level) => hear(booth, input, level),
    }),
    choice: { deviceId: undefined, preset: "in_room" },
    input: undefined,
    run: undefined,
    inTurn: createTurns(),
    shown: null,
  };
  navigator.mediaDevices?.addEventListener("devicechange", () => void refresh(booth));
  return {
    store,
    open: (choice) => booth.inTurn(() => open(booth, choice)),
    change: (deviceId) => changeMicrophone(booth, deviceId),
    isOpen: () => booth.input?.isLive() === true,
    close: () => void booth.inTurn(() => close(booth)),
    test: async (durationMs) => {
      const { input } = booth;
      if (input === undefined) throw problem("microphone_missing");
      const { testMicrophone } = await import("./microphone-test.ts");
      return testMicrophone({ stream: input.stream, durationMs, onLevel: input.onLevel });
    },
    start: (take) => startRun(booth, take),
    hold: (hold) => holdRun(booth, hold),
    resume: () => resumeRun(booth),
    stop: () => endRun(booth),
    tapAgain: () => booth.run?.live?.tapAgain(),
    drop: () => dropRun(booth),
  };
}

async function open(booth: Booth, { deviceId, preset }: Choice): Promise<void> {
  if (booth.run) throw problem("conflict");
  booth.choice = { deviceId, preset };
  const input = await booth.inputs.open({ deviceId, preset, orDefault: true });
  await adopt(booth, input);
  booth.board.clear();
  if (input.isReplaced) booth.board.notice("microphone_changed");
  await refresh(booth);
}

async function close(booth: Booth): Promise<void> {
  if (booth.run) return;
  booth.input?.close();
  booth.input = undefined;
  booth.board.clear();
  booth.store.setState({ level: null, microphone: null });
}

/** Devices that come or go are listed, not used by themselves while there is one that works. */
async function refresh({ store }: Booth): Promise<void> {
  store.setState({ microphones: await listMicrophones() });
}

function hear({ input: current, run, store, board }: Booth, input: Input, level: Level): void {
  if (input !== current) return;
  store.setState({ level: { rms: level.rms, peak: level.peak } });
  if (run?.live === undefined) return;
  const warning = run.listener.hear(level);
  board.heard(warning, warning === "nothing_heard" && level.peak <= silence);
}
