/**
 * One recording: one recorder on one microphone, from its first sound to its last. In: slices of the recorder. Out: fragments, in
 * order, under the recording's own number. What the journal does not take yet waits here, and goes first at the next slice.
 */
import type { Clock } from "#model/clock.ts";
import { toProblem, type Problem } from "#model/problem.ts";
import { afterAwake } from "./awake.ts";
import type { Input } from "./input.ts";
import { settingsOf } from "./microphone.ts";
import { startRecorder, type Recorder } from "./recorder.ts";
import type { Take } from "./take.ts";
import { createTurns } from "./turns.ts";
import { watchPackets, type Watchdog } from "./watchdog.ts";

export type LineParts = {
  input: Input;
  take: Take;
  clock: Clock;
  /** Two seconds without a packet. */
  onStalled(): void;
  /** The journal does not take the recording (yet); null when it does again. */
  onRefused(problem: Problem | null): void;
};

export type Heard = "sound" | "silence" | "ended";

export type Line = {
  input: Input;
  startedAt: number;
  /** When the last packets came, clock ms; the start before the first. */
  packetsAt(): number;
  packets(): number;
  /** Resolves when the journal has a number for it; rejects when it refuses. */
  begun(): Promise<number>;
  /** Settled with the first packet, after two seconds without one, or when it is ended before. */
  heard: Promise<Heard>;
  watchdog: Watchdog;
  /** Another port for its black box. */
  tapAgain(): void;
  /** Asks for what the recorder holds. */
  flush(): void;
  /** Takes nothing in from now on. Resolves after its last fragment is durable; after a refusal it can be called again. */
  end(): Promise<void>;
};

type Held = { slice: Blob; capturedAt: number; levels: number[] };

type Room = LineParts & {
  recording: number | undefined;
  queue: Held[];
  levels: number[];
  /** Fragments on their way to the disk. */
  answers: Set<Promise<void>>;
  packets: number;
  packetsAt: number;
  onHeard(heard: Heard): void;
  onPackets(): void;
  isOpen: boolean;
  detachBlackBox(): void;
};

/** Slices of ordinary length would let two recordings overlap by 300 ms; the first packet of a new one is fetched at once. */
const eagerMs = 20;
const eagerForMs = 2000;

export function startLine(parts: LineParts): Line {
  const { input, clock } = parts;
  const { promise: heard, resolve: onHeard } = Promise.withResolvers<Heard>();
  const startedAt = clock.now();
  const memory = { recording: undefined, queue: [], levels: [], answers: new Set<Promise<void>>(), packets: 0 };
  const ears = { onHeard, onPackets: () => watchdog.packetsCame(), isOpen: true, detachBlackBox: () => undefined };
  const room: Room = { ...parts, ...memory, packetsAt: startedAt, ...ears };
  const inTurn = createTurns();
  const recorder = startRecorder(input.stream, (slice) => {
    room.queue.push({ slice, capturedAt: clock.now(), levels: room.levels.splice(0) });
    inTurn(() => deliver(room, recorder)).catch((thrown: unknown) => parts.onRefused(toProblem(thrown)));
  });
  const watchdog = watchPackets({
    sliceMs: recorder.sliceMs,
    isBusy: () => room.answers.size > 0 || room.queue.length > 0,
    onQuiet: () => recorder.flush(),
    onLost: () => parts.onStalled(),
  });
  const stopListening = input.onLevel((level) => room.levels.push(level.rms));
  fetchFirst(recorder, heard, onHeard);
  let stopped: Promise<void> | undefined;
  let isOver = false;
  return {
    input,
    startedAt,
    heard,
    watchdog,
    flush: () => recorder.flush(),
    tapAgain: () => void attachBlackBox(room),
    packets: () => room.packets,
    packetsAt: () => room.packetsAt,
    begun: () => inTurn(() => begin(room, recorder)),
    end: () => {
      watchdog.stop();
      stopListening();
      room.isOpen = false;
      room.detachBlackBox();
      onHeard("ended");
      stopped ??= recorder.stop();
      return inTurn(async () => {
        if (isOver) return;
        await stopped;
        await deliver(room, recorder);
        await Promise.all(room.answers);
        if (room.recording !== undefined) await room.take.end(room.recording);
        isOver = true;
      });
    },
  };
}

/** The recording's number, asked for once. */
async function begin(room: Room, { mimeType }: Recorder): Promise<number> {
  if (room.recording !== undefined) return room.recording;
  const recording = await room.take.begin({ mimeType, settings: settingsOf(room.input.stream) });
  room.recording = recording;
  room.onRefused(null);
  void attachBlackBox(room);
  return recording;
}

/** What the black box gets when the recording is over is not wanted any more. */
async function attachBlackBox(room: Room): Promise<void> {
  const { recording } = room;
  if (!room.take.blackBox || !room.isOpen || recording === undefined) return;
  const box = await room.input.attachBlackBox();
  if (box === undefined) return;
  if (!room.isOpen) return box.detach();
  room.detachBlackBox = box.detach;
  room.take.blackBox(recording, box.port);
}

/** Slices become bytes at their own pace; they leave in the order in which they came. */
async function deliver(room: Room, recorder: Recorder): Promise<void> {
  if (room.queue.length === 0) return;
  const recording = await begin(room, recorder);
  for (let next = room.queue[0]; next !== undefined; next = room.queue[0]) {
    const { slice, ...fragment } = next;
    const bytes = await slice.arrayBuffer();
    room.queue.shift();
    const answer = room.take.fragment(recording, { bytes, ...fragment }).then(
      ({ packets }) => count(room, packets),
      () => room.onPackets(), // the journal keeps it and says why; the microphone is not at fault
    );
    room.answers.add(answer);
    void answer.finally(() => room.answers.delete(answer));
  }
}

function count(room: Room, packets: number): void {
  if (packets === 0) return;
  room.packets += packets;
  room.packetsAt = room.clock.now();
  room.onPackets();
  room.onHeard("sound");
}

function fetchFirst(recorder: Recorder, heard: Promise<Heard>, onHeard: (heard: Heard) => void): void {
  const isSlow = recorder.sliceMs >= 1000; // small slices are what WebKit cannot do
  const timer = isSlow ? undefined : setInterval(() => recorder.flush(), eagerMs);
  const giveUp = afterAwake(Math.max(eagerForMs, 4 * recorder.sliceMs), () => onHeard("silence"));
  void heard.then(() => {
    clearInterval(timer);
    giveUp();
  });
}
