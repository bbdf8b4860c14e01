/**
 * The black box of the recording that runs: what the microphone gave in the last moments, past the page. In: blocks from the
 * tap, and word of what the journal holds. It matters only when the page hangs or dies before its fragments came: then
 * recovery (black-box-merge.ts) takes from it what the journal lacks. It begins anew whenever the journal is up to date, and it
 * goes with the recording: nothing of a pause, of a finished recording or of an erased visit stays in it. Its failures are nobody's
 * problem: the recording does not depend on it.
 */
import { openEncoder, type Block, type EncoderParts, type SoundEncoder } from "./black-box-encoder.ts";
import type { BoxFile } from "./black-box-file.ts";
import type { BoxRecord, Sound, Tapped } from "./black-box-records.ts";
import { toProblem } from "#model/problem.ts";
import { createTurns } from "./turns.ts";

export type BlackBoxParts = {
  open(): Promise<BoxFile>;
  /** Also when there is none. */
  remove(): Promise<void>;
  openEncoder?(parts: EncoderParts): Promise<SoundEncoder>;
};

/** `port` gives `Block`s of the recording's sound. */
export type Tap = { recording: number; port: MessagePort };

/** A fragment is durable: it came at `capturedAt`, and with it the recording is `endMs` long. */
export type Progress = { recording: number; capturedAt: number; endMs: number };

export type BlackBox = {
  /** Takes in this recording's sound from now on; a tap before it is let go. */
  tap(tap: Tap): Promise<void>;
  saved(progress: Progress): Promise<void>;
  /** Nothing is recorded from this time on: what is here of it goes, and nothing more comes in before the next tap. */
  hold(startedAt: number): Promise<void>;
  /** This recording has ended and is in the journal: nothing of it stays. The file stays open for the next one. */
  end(recording: number): Promise<void>;
  /**
   * All of it goes, whosever it is. Once the disk was full, Chromium may never come back from closing the file, and the worker with
   * it: then an empty file stays open as long as the worker lives, and the next start removes it (load.ts).
   */
  remove(): Promise<void>;
  /** Lets go of the file, with what is in it; not of one that `remove` would leave open. */
  close(): Promise<void>;
};

/** The journal is up to date when its last fragment is younger than this. */
const freshMs = 1000;
/** What is kept over a new beginning: more than a fresh journal can lack. */
const keptMs = 4000;
const beginAnewBytes = 1_048_576;
const longestMs = 600_000;
const flushEveryMs = 1000;
/** Packets that wait for the last of their block. */
const mostGathered = 5;
/** Packets on their way to the disk; more are dropped, so that a slow disk cannot fill the memory. */
const mostWaiting = 500;
/** Fragments come late when the page is busy, never early: the earliest of this long tells when the recording began. */
const originWindowMs = 10_000;

/** The packets of one block from the tap come one by one, and are written together. */
type OnSound = EncoderParts["onSound"];

type Room = BlackBoxParts & {
  file: BoxFile | undefined;
  /** A write has failed for want of space. */
  wasFull: boolean;
  encoder: SoundEncoder | undefined;
  port: MessagePort | undefined;
  /** Of the last tap. */
  recording: number | undefined;
  tapped: Tapped | undefined;
  heldFrom: number;
  kept: Sound[];
  waiting: Sound[];
  origins: { capturedAt: number; originAt: number }[];
  /** When the last fragment came. */
  savedAt: number;
  /** The first sound of this tap. */
  tappedAt: number;
  flushedAt: number;
};

export function createBlackBox(parts: BlackBoxParts): BlackBox {
  const nothing = { file: undefined, wasFull: false, encoder: undefined, port: undefined, recording: undefined };
  const room: Room = { ...parts, ...nothing, ...emptyRoom() };
  const inTurn = createTurns();
  const quietly = (work: () => Promise<void>): Promise<void> =>
    inTurn(work).catch((thrown: unknown) => noteFull(room, thrown));
  const onSound: OnSound = (sound, isLast) => {
    if (room.waiting.length < mostWaiting) room.waiting.push(sound);
    if (isLast || room.waiting.length >= mostGathered) void quietly(() => keepAll(room));
  };
  return {
    tap: (tap) => {
      letGo(room);
      [room.port, room.recording] = [tap.port, tap.recording];
      return quietly(() => listen(room, tap, onSound));
    },
    saved: (progress) => quietly(() => note(room, progress)),
    hold: (startedAt) => {
      room.heldFrom = startedAt;
      letGo(room);
      return quietly(() => forgetFrom(room, startedAt));
    },
    end: async (recording) => {
      if (recording !== room.recording) return;
      letGo(room);
      await quietly(() => forgetAll(room));
    },
    remove: () => {
      letGo(room);
      return quietly(() => removeAll(room));
    },
    close: () => {
      letGo(room);
      return quietly(async () => void closeFile(room));
    },
  };
}

function emptyRoom() {
  return {
    tapped: undefined,
    heldFrom: Number.POSITIVE_INFINITY,
    kept: [],
    waiting: [],
    origins: [],
    savedAt: Number.NEGATIVE_INFINITY,
    tappedAt: Number.POSITIVE_INFINITY,
    flushedAt: 0,
  };
}

/** The microphone is not heard any more. */
function letGo(room: Room): void {
  room.port?.close();
  room.encoder?.close();
  [room.port, room.encoder] = [undefined, undefined];
}

async function listen(room: Room, { recording, port }: Tap, onSound: OnSound): Promise<void> {
  room.file ??= await room.open();
  const open = room.openEncoder ?? openEncoder;
  const encoder = await open({ onSound, onBroken: () => letGo(room) });
  if (room.port !== port) return encoder.close(); // let go meanwhile
  const tapped = { recording, ...encoder.form };
  Object.assign(room, emptyRoom(), { encoder, tapped });
  await room.file.append([{ type: "tapped", tapped }]);
  port.addEventListener("message", ({ data }: MessageEvent<Block>) => {
    if (data.wall <= room.heldFrom) encoder.encode(data);
  });
  port.start();
}

async function keepAll(room: Room): Promise<void> {
  const sounds = room.waiting.splice(0).filter(({ wall }) => wall <= room.heldFrom);
  const last = sounds.at(-1);
  if (room.file === undefined || room.encoder === undefined || last === undefined) return;
  room.kept = [...room.kept, ...sounds].filter(({ wall }) => wall >= last.wall - keptMs);
  room.tappedAt = Math.min(room.tappedAt, last.wall);
  const isFresh = last.wall - room.savedAt < freshMs;
  const records = sounds.map((sound) => ({ type: "sound" as const, sound }));
  if (isFresh) await keepWhileFresh(room.file, room, records);
  else if (last.wall - Math.max(room.tappedAt, room.savedAt) < longestMs) {
    await keepWithFlush(room.file, room, records);
  }
}

/** The last moments go to the front when there is much, or no space for more; the rest is in the journal. */
async function keepWhileFresh(file: BoxFile, room: Room, records: BoxRecord[]): Promise<void> {
  const isLong = file.size() > beginAnewBytes;
  if (isLong) return file.beginAnew(essence(room));
  return file.append(records).catch((thrown: unknown) => {
    noteFull(room, thrown);
    return file.beginAnew(essence(room));
  });
}

function noteFull(room: Room, thrown: unknown): void {
  room.wasFull ||= toProblem(thrown).code === "storage_full";
}

/** Now the box is all there is of the last moments, so a power cut matters too. */
async function keepWithFlush(file: BoxFile, room: Room, records: BoxRecord[]): Promise<void> {
  await file.append(records);
  const now = room.kept.at(-1)?.wall ?? 0;
  if (now - room.flushedAt < flushEveryMs) return;
  file.flush();
  room.flushedAt = now;
}

function essence({ tapped, origins, kept }: Room): BoxRecord[] {
  if (tapped === undefined) return [];
  const { recording } = tapped;
  const records: BoxRecord[] = [{ type: "tapped", tapped }];
  if (origins.length > 0) records.push({ type: "saved", saved: { recording, originAt: earliest(origins) } });
  return [...records, ...kept.map((sound) => ({ type: "sound" as const, sound }))];
}

async function note(room: Room, { recording, capturedAt, endMs }: Progress): Promise<void> {
  await keepAll(room);
  if (room.file === undefined || room.tapped?.recording !== recording) return;
  room.savedAt = Math.max(room.savedAt, capturedAt);
  const known = earliest(room.origins);
  room.origins = [...room.origins, { capturedAt, originAt: capturedAt - endMs }].filter(
    (origin) => origin.capturedAt > capturedAt - originWindowMs,
  );
  const originAt = earliest(room.origins);
  if (originAt !== known) await room.file.append([{ type: "saved", saved: { recording, originAt } }]);
}

function earliest(origins: Room["origins"]): number {
  return Math.min(...origins.map((origin) => origin.originAt));
}

async function forgetFrom(room: Room, startedAt: number): Promise<void> {
  room.kept = room.kept.filter(({ wall }) => wall <= startedAt);
  await room.file?.replaceAll(essence(room));
}

async function forgetAll(room: Room): Promise<void> {
  Object.assign(room, emptyRoom());
  await room.file?.replaceAll([]);
}

async function removeAll(room: Room): Promise<void> {
  await forgetAll(room).catch(() => undefined);
  if (closeFile(room)) await room.remove();
}

function closeFile(room: Room): boolean {
  if (room.wasFull) return false;
  room.file?.close();
  room.file = undefined;
  return true;
}
