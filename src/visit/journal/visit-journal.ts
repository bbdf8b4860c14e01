/**
 * The journal of one visit. In: fragments of the recorder's stream. Out: chunks of at most 20 s, by sequence. A fragment is on
 * disk before anything is made of it; what cannot be written yet (a full disk) waits in memory and goes first at the next try.
 */
import type { Receipt } from "#model/chunk.ts";
import type { Clock } from "#model/clock.ts";
import { problem, ProblemError } from "#model/problem.ts";
import { cutChunk, readChunk, readWhole } from "./chunk-bytes.ts";
import { packetsToCut } from "./cut.ts";
import type { Log } from "./log.ts";
import { encodeRecord, type JournalRecord, type Mark } from "./records.ts";
import { createTurns } from "./turns.ts";
import { apply, createVisitState, type VisitState } from "./visit-state.ts";

export type NewFragment = { bytes: Uint8Array<ArrayBuffer>; capturedAt: number; levels: readonly number[] };

export type VisitJournal = {
  state(): VisitState;
  beginRecording(mimeType: string): Promise<void>;
  /** Durable when it resolves; a problem means that the fragment waits in memory. */
  append(fragment: NewFragment): Promise<void>;
  /** Cuts what is left of the recording. */
  endRecording(): Promise<void>;
  close(): Promise<void>;
  mark(mark: Mark): Promise<void>;
  receive(receipt: Receipt): Promise<void>;
  chunk(sequence: number): Promise<Uint8Array<ArrayBuffer>>;
  whole(): Promise<Uint8Array<ArrayBuffer>>;
  /** The audio is gone from the log when it resolves; who and why stay, so that the clinic server can be told. */
  discard(reason: "discarded" | "withdrawn"): Promise<void>;
  closeFile(): Promise<void>;
};

export type VisitJournalParts = { log: Log; state: VisitState; clock: Clock; onChange: () => void };

type Book = VisitJournalParts & { unsaved: NewFragment[] };

export function createVisitJournal(parts: VisitJournalParts): VisitJournal {
  const book: Book = { ...parts, unsaved: [] };
  const { log, clock } = book;
  const inTurn = createTurns();
  return {
    state: () => book.state,
    beginRecording: (mimeType) => inTurn(() => beginRecording(book, mimeType)),
    append: (fragment) => {
      book.unsaved.push(fragment);
      return inTurn(async () => {
        await save(book);
        await cutDue(book, false);
      });
    },
    endRecording: () => inTurn(() => endRecording(book)),
    close: () =>
      inTurn(async () => {
        await endRecording(book);
        if (!book.state.closed) await put(book, { type: "mark", mark: { mark: "closed", at: clock.now() } });
      }),
    mark: (mark) => inTurn(() => put(book, { type: "mark", mark })),
    receive: (receipt) => inTurn(() => put(book, { type: "receipt", receipt })),
    chunk: async (sequence) => {
      const cut = book.state.chunks.find((chunk) => chunk.sequence === sequence);
      if (cut === undefined) throw problem("not_found", { detail: `chunk ${sequence}` });
      return readChunk(log, book.state, cut);
    },
    whole: () => readWhole(log, book.state),
    discard: (reason) => inTurn(() => discard(book, reason)),
    closeFile: () => inTurn(() => log.close()),
  };
}

type PutRecord = Exclude<JournalRecord, { type: "header" }>;

async function put(book: Book, record: PutRecord, levels: readonly number[] = []): Promise<void> {
  const { kind, plain } = encodeRecord(record);
  const offset = await book.log.append(kind, plain);
  apply(book.state, { record, offset, levels });
  book.onChange();
}

/** Writes what waits, oldest first; what fails stays and goes first next time. */
async function save(book: Book): Promise<void> {
  for (let next = book.unsaved[0]; next !== undefined; next = book.unsaved[0]) {
    const from = book.state.recordings.at(-1)?.streamBytes ?? 0;
    const { bytes, capturedAt, levels } = next;
    await put(book, { type: "fragment", fragment: { bytes, capturedAt, from } }, levels);
    book.unsaved.shift();
  }
}

async function cutDue(book: Book, ended: boolean): Promise<void> {
  const { state } = book;
  if (state.unreadable) throw new ProblemError(state.unreadable);
  const due = () => packetsToCut(state.recordings.at(-1)?.waiting ?? [], ended);
  for (let count = due(); count > 0; count = due()) await put(book, { type: "cut", cut: await cutChunk(state, count) });
}

async function beginRecording(book: Book, mimeType: string): Promise<void> {
  await endRecording(book);
  const start = { recording: book.state.recordings.length, mimeType, at: book.clock.now() };
  await put(book, { type: "recording", start });
}

async function endRecording(book: Book): Promise<void> {
  await save(book);
  await cutDue(book, true);
  const isRunning = book.state.recordings.at(-1)?.ended === false;
  if (isRunning) await put(book, { type: "mark", mark: { mark: "ended", at: book.clock.now() } });
}

async function discard(book: Book, reason: "discarded" | "withdrawn"): Promise<void> {
  const { header, headerOffset } = book.state;
  book.unsaved = [];
  await book.log.keepThrough(headerOffset);
  book.state = createVisitState(header, headerOffset);
  await put(book, { type: "mark", mark: { mark: "discarded", at: book.clock.now(), reason } });
}
