/**
 * The journal of one visit. In: fragments of the recorder's streams. Out: chunks of at most 20 s, by sequence. A fragment is on
 * disk before anything is made of it; what cannot be written yet (a full disk) waits in memory and goes first at the next try.
 * Two recordings may overlap for a moment; chunks stay in the order in which the recordings began.
 */
import type { Receipt } from "#model/chunk.ts";
import type { Clock } from "#model/clock.ts";
import { problem, ProblemError } from "#model/problem.ts";
import type { MicrophoneSettings } from "#model/recording.ts";
import type { BlackBox, Tap } from "./black-box.ts";
import { cutChunk, readChunk } from "./chunk-bytes.ts";
import { packetsToCut } from "./cut.ts";
import { createDigests } from "./digest.ts";
import type { ToldGap } from "./gaps.ts";
import type { Log } from "./log.ts";
import { formatOf, loadFormat } from "./read-stream.ts";
import { encodeRecord, type JournalRecord, type Mark } from "./records.ts";
import { createTurns, type Turns } from "./turns.ts";
import { apply, type CutChunk, type VisitState } from "./visit-state.ts";
import type { WholeFile } from "./whole.ts";

/** `recording` is the number that `beginRecording` gave. */
export type NewFragment = {
  recording: number;
  bytes: Uint8Array<ArrayBuffer>;
  capturedAt: number;
  levels: readonly number[];
  /** Its place in the recording's stream, where the page tells it. */
  from?: number | undefined;
};

/** How its microphone listened; and, if it is what the black box held, beyond which recording. */
export type Beginning = { settings?: MicrophoneSettings | undefined; recovers?: number };

export type VisitJournal = {
  state(): VisitState;
  /** Bytes of records on the disk. */
  size(): number;
  /** Resolves to the recording's number. Recordings that a crash left without an end are ended first. */
  beginRecording(mimeType: string, more?: Beginning): Promise<number>;
  /**
   * Durable when it resolves, to the number of packets it completed; a problem means that the fragment waits in memory. One that is
   * durable already (a worker that died has written it, and could not say so) is left out.
   */
  append(fragment: NewFragment): Promise<number>;
  /** Cuts what is left of the recording, as soon as those before it have ended. */
  endRecording(recording: number): Promise<void>;
  gap(gap: ToldGap): Promise<void>;
  /** The sound of a recording that runs, past the page: it goes into the black box until the recording ends or pauses. */
  tap(tap: Tap): Promise<void>;
  /** Gives back reserved space. */
  close(): Promise<void>;
  mark(mark: Mark): Promise<void>;
  receive(receipt: Receipt): Promise<void>;
  chunk(sequence: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Makes two chunks of one; those after it move up. `conflict` when it or one after it was received, `too_large` at one packet. */
  split(sequence: number): Promise<void>;
  /** After damage was found: chunks that are still to be sent are made of what is left. */
  repair(): Promise<void>;
  /** The visit as one file, or as several where its recordings are in different formats (whole.ts). */
  whole(): Promise<WholeFile[]>;
  /** The audio is gone from the log when it resolves; who and why stay, so that the clinic server can be told. */
  discard(reason: "discarded" | "withdrawn"): Promise<void>;
  /** Gives back all space beyond the records. */
  trim(): Promise<void>;
  closeFile(): Promise<void>;
};

export type VisitJournalParts = { log: Log; box: BlackBox; state: VisitState; clock: Clock; onChange: () => void };

/** `packets` is known once it is written. */
type Unsaved = NewFragment & { packets: number };
export type Book = VisitJournalParts & {
  unsaved: Unsaved[];
  keepDigest: (state: VisitState) => Promise<void>;
  /** Durable and taken into account when it resolves. */
  put(record: PutRecord): Promise<unknown>;
};

export function createVisitJournal(parts: VisitJournalParts): VisitJournal {
  const keepDigest = createDigests(parts.log);
  const book: Book = { ...parts, unsaved: [], keepDigest, put: (record) => put(book, record) };
  const { log, box } = book;
  const inTurn = createTurns();
  const appendInTurn = createAppending(book, inTurn);
  return {
    state: () => book.state,
    size: () => log.size(),
    beginRecording: (mimeType, more) => inTurn(() => beginRecording(book, mimeType, more)),
    append: (fragment) => {
      const unsaved = { ...fragment, packets: 0 };
      const recording = book.state.recordings[fragment.recording];
      if (recording === undefined) return Promise.reject(problem("not_found"));
      if ((fragment.from ?? recording.streamBytes) < recording.streamBytes) return Promise.resolve(0);
      book.unsaved.push(unsaved);
      return appendInTurn(unsaved);
    },
    endRecording: (recording) => inTurn(() => endRecording(book, recording)),
    gap: async (gap) => {
      const held = stopsTheBox(gap) ? box.hold(gap.startedAt) : undefined;
      const { reason, startedAt, endedAt } = gap;
      await inTurn(() => putMark(book, { mark: "gap", at: book.clock.now(), reason, startedAt, endedAt }));
      await held;
    },
    tap: (tap) => box.tap(tap),
    close: () => inTurn(() => close(book)),
    mark: (mark) => inTurn(() => putMark(book, mark)),
    receive: (receipt) =>
      inTurn(async () => {
        await put(book, { type: "receipt", receipt });
      }),
    chunk: async (sequence) => readChunk(log, book.state, chunkOf(book, sequence)),
    split: (sequence) => inTurn(async () => (await import("./mend.ts")).split(book, chunkOf(book, sequence))),
    repair: () => inTurn(() => repair(book)),
    whole: async () => (await import("./whole.ts")).readWhole(log, book.state),
    discard: (reason) => inTurn(async () => (await import("./discard.ts")).discard(book, reason)),
    trim: () => inTurn(() => log.trim(0)),
    closeFile: () =>
      inTurn(async () => {
        await box.close();
        await log.close();
      }),
  };
}

/** A fragment is durable before it is cut, and does not wait for it: what could not be cut is told by the next. */
function createAppending(book: Book, inTurn: Turns): (unsaved: Unsaved) => Promise<number> {
  let cut = Promise.resolve();
  return async (unsaved) => {
    const before = cut;
    const saved = inTurn(() => save(book, unsaved));
    cut = inTurn(() => cutDue(book));
    cut.catch(() => undefined);
    await saved;
    await before;
    return unsaved.packets;
  };
}

type PutRecord = Exclude<JournalRecord, { type: "header" | "digest" }>;

/** Resolves to the number of packets that the record completed. */
async function put(book: Book, record: PutRecord, levels: readonly number[] = []): Promise<number> {
  const { kind, plain } = encodeRecord(record);
  const offset = await book.log.append(kind, plain);
  const packets = apply(book.state, { record, offset, levels });
  void book.keepDigest(book.state);
  book.onChange();
  return packets;
}

async function putMark(book: Book, mark: Mark): Promise<void> {
  await put(book, { type: "mark", mark });
}

/** Writes what waits, oldest first, all of it or through this one; what fails stays and goes first next time. */
async function save(book: Book, through?: Unsaved): Promise<void> {
  const isDone = (): boolean => through !== undefined && !book.unsaved.includes(through);
  for (let next = book.unsaved[0]; next !== undefined && !isDone(); next = book.unsaved[0]) {
    const { recording, bytes, capturedAt, levels } = next;
    const from = book.state.recordings[recording]?.streamBytes;
    if (from !== undefined) {
      next.packets = await put(book, { type: "fragment", fragment: { recording, bytes, capturedAt, from } }, levels);
      const endMs = book.state.recordings[recording]?.durationMs ?? 0;
      void book.box.saved({ recording, capturedAt, endMs });
    }
    book.unsaved.shift();
  }
}

/** Nothing is cut of a recording while one before it may still get fragments. */
async function cutDue(book: Book): Promise<void> {
  const { state } = book;
  if (state.unreadable) throw new ProblemError(state.unreadable);
  for (const [number, recording] of state.recordings.entries()) {
    const due = () => packetsToCut(recording.waiting, recording.ended, state.header.header.maxChunkMs);
    for (let count = due(); count > 0; count = due()) {
      const cut = await cutChunk(state, number, count);
      await put(book, { type: "cut", cut: { ...cut, cutAt: book.clock.now() } });
    }
    if (!recording.ended) return;
  }
}

async function beginRecording(book: Book, mimeType: string, more?: Beginning): Promise<number> {
  await loadFormat(mimeType);
  formatOf(mimeType);
  await save(book);
  for (const [number, { interrupted, ended }] of book.state.recordings.entries()) {
    if (interrupted && !ended) await putEnd(book, number);
  }
  await cutDue(book);
  const recording = book.state.recordings.length;
  await put(book, { type: "recording", start: { recording, mimeType, at: book.clock.now(), ...more } });
  book.log.keepSpace();
  return recording;
}

async function endRecording(book: Book, recording: number): Promise<void> {
  await save(book);
  if (book.state.recordings[recording]?.ended === false) await putEnd(book, recording);
  void book.box.end(recording);
  await cutDue(book);
}

/** Nothing said off the record stays anywhere. */
function stopsTheBox({ reason, endedAt }: ToldGap): boolean {
  return endedAt === null && (reason === "paused" || reason === "off_record");
}

async function putEnd(book: Book, recording: number): Promise<void> {
  const isInterrupted = book.state.recordings[recording]?.interrupted === true;
  const mark = { mark: "ended" as const, at: book.clock.now(), recording };
  await putMark(book, isInterrupted ? { ...mark, interrupted: true } : mark);
}

async function close(book: Book): Promise<void> {
  await save(book);
  for (const [number, { ended }] of book.state.recordings.entries()) if (!ended) await putEnd(book, number);
  await cutDue(book);
  if (!book.state.closed) await putMark(book, { mark: "closed", at: book.clock.now() });
  await book.log.trim(roomForReceipts(book.state));
  void book.box.remove(); // now that there is space again
}

/** What is still to come into a closed log, so that sending ends well on a full disk too. */
function roomForReceipts({ chunks, receipts }: VisitState): number {
  return 4096 + 300 * (chunks.length - receipts.size);
}

async function repair(book: Book): Promise<void> {
  await (await import("./mend.ts")).repair(book);
  await cutDue(book);
}

function chunkOf({ state }: Book, sequence: number): CutChunk {
  const found = state.chunks.find((chunk) => chunk.sequence === sequence);
  if (found === undefined) throw problem("not_found", { detail: `chunk ${sequence}` });
  return found;
}
