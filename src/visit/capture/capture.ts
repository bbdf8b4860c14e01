/**
 * The microphone. In: what is said in the room. Out: fragments of a quarter of a second, in order, to whoever makes them durable;
 * and, for the screen, level and warnings. Nothing here survives a crash: up to a third of a second is in the browser's hands
 * before it becomes a fragment.
 */
import type { Clock } from "#model/clock.ts";
import { problem, toProblem } from "#model/problem.ts";
import { idleRecording, type RecordingView } from "#model/recording.ts";
import { createStore, type StoreApi } from "zustand/vanilla";
import { askBeforeLeaving } from "./guard-leaving.ts";
import { createInput, type Input } from "./input.ts";
import type { Level } from "./level-meter.ts";
import { createListener, type Listener } from "./listen.ts";
import { testMicrophone, type MicrophoneTest } from "./microphone-test.ts";
import type { Preset } from "./microphone.ts";
import { startRecorder, type Recorder } from "./recorder.ts";
import { keepScreenOn, type WakeLock } from "./wake-lock.ts";
import { watchRecorder, type Watchdog } from "./watchdog.ts";

/** `levels` are dBFS since the fragment before. */
export type Fragment = { bytes: ArrayBuffer; capturedAt: number; levels: number[] };
export type TakeFragment = (fragment: Fragment) => void;

export type Capture = {
  /** The recording screen's numbers; the level and the warnings in it are kept by the capture. */
  store: StoreApi<RecordingView>;
  /** Asks for the microphone; `conflict` while it records. */
  open(deviceId?: string, preset?: Preset): Promise<void>;
  /** Is there a microphone that gives sound? */
  isOpen(): boolean;
  /** Does nothing while it records. */
  close(): void;
  test(durationMs: number): Promise<MicrophoneTest>;
  /** Begins a recording; the microphone must be open. `recorder_unsupported`. */
  start(take: TakeFragment): void;
  /** What is said from here to `resume` is stored nowhere. */
  pause(): void;
  /** False when the microphone went away: open it and start again. */
  resume(): boolean;
  /** Resolves after the last fragment was given away. */
  stop(): Promise<void>;
};

type Run = {
  recorder: Recorder;
  watchdog: Watchdog;
  listener: Listener;
  wakeLock: WakeLock;
  stopAsking: () => void;
  isPaused: boolean;
};

type Booth = {
  clock: Clock;
  store: StoreApi<RecordingView>;
  input: Input;
  run: Run | undefined;
  levels: number[];
  deliveries: Promise<void>;
};

export function createCapture(clock: Clock): Capture {
  const store = createStore<RecordingView>(() => idleRecording);
  const input = createInput({
    onEnded: () => loseMicrophone(booth),
    onMuted: (isMuted) => warnOfLoss(booth, isMuted),
  });
  const booth: Booth = { clock, store, input, run: undefined, levels: [], deliveries: Promise.resolve() };
  input.onLevel((level) => hear(booth, level));
  return {
    store,
    open: async (deviceId, preset) => {
      if (booth.run) throw problem("conflict");
      await input.open(deviceId, preset);
      store.setState({ warning: null });
    },
    isOpen: () => input.stream()?.active === true,
    close: () => {
      if (booth.run) return;
      input.close();
      store.setState({ level: null, warning: null });
    },
    test: (durationMs) => {
      const stream = input.stream();
      if (stream === undefined) throw problem("microphone_missing");
      return testMicrophone({ stream, durationMs, onLevel: (listener) => input.onLevel(listener) });
    },
    start: (take) => startRun(booth, take),
    pause: () => {
      if (!booth.run) return;
      booth.run.isPaused = true;
      booth.run.watchdog.pause();
      booth.run.recorder.pause();
      store.setState({ warning: null });
    },
    resume: () => {
      if (!booth.run) return false;
      booth.run.isPaused = false;
      booth.run.listener = createListener();
      booth.run.recorder.resume();
      booth.run.watchdog.resume();
      return true;
    },
    stop: () => endRun(booth),
  };
}

function startRun(booth: Booth, take: TakeFragment): void {
  const stream = booth.input.stream();
  if (stream === undefined) throw problem("microphone_missing");
  const recorder = startRecorder(stream, (slice) => {
    watchdog.sliceCame();
    deliver(booth, slice, take);
  });
  const watchdog = watchRecorder(recorder, booth.clock, (isSilent) => warnOfLoss(booth, isSilent));
  booth.levels = [];
  booth.run = {
    recorder,
    watchdog,
    listener: createListener(),
    wakeLock: keepScreenOn(),
    stopAsking: askBeforeLeaving(),
    isPaused: false,
  };
}

/** Slices become bytes at their own pace; they leave in the order in which they came. */
function deliver(booth: Booth, slice: Blob, take: TakeFragment): void {
  const fragment = { capturedAt: booth.clock.now(), levels: booth.levels.splice(0) };
  booth.deliveries = booth.deliveries
    .then(async () => take({ bytes: await slice.arrayBuffer(), ...fragment }))
    .catch((thrown: unknown) => booth.store.setState({ problem: toProblem(thrown) }));
}

/** A recorder whose track ended keeps its last slice until it is stopped, so it is stopped at once. */
async function endRun(booth: Booth): Promise<void> {
  const { run } = booth;
  booth.run = undefined;
  run?.watchdog.stop();
  run?.wakeLock.release();
  run?.stopAsking();
  await run?.recorder.stop();
  await booth.deliveries;
}

function loseMicrophone(booth: Booth): void {
  booth.store.setState({ warning: "microphone_lost", level: null, ...(booth.run && { phase: "paused" }) });
  void endRun(booth);
}

function hear(booth: Booth, level: Level): void {
  const { run, store } = booth;
  const shown = { level: { rms: level.rms, peak: level.peak } };
  if (!run || run.isPaused) return store.setState(shown);
  booth.levels.push(level.rms);
  const warning = run.listener.hear(level, booth.clock.now());
  const isLost = store.getState().warning === "microphone_lost";
  store.setState(isLost ? shown : { ...shown, warning });
}

function warnOfLoss({ store }: Booth, isLost: boolean): void {
  const { warning } = store.getState();
  if (isLost) store.setState({ warning: "microphone_lost" });
  else if (warning === "microphone_lost") store.setState({ warning: null });
}
