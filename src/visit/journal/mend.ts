/** Chunks that cannot go as they were cut. In: a visit's log and state. Out: other chunks of the same packets, in their place. */
import { problem } from "#model/problem.ts";
import { isFirst, packetsOf, readChunk, toCut } from "./chunk-bytes.ts";
import type { Log } from "./log.ts";
import type { Cut } from "./records.ts";
import type { Book } from "./visit-journal.ts";
import type { CutChunk, VisitState } from "./visit-state.ts";

type Mending = Pick<Book, "log" | "state" | "clock" | "put">;

export async function split(book: Mending, chunk: CutChunk): Promise<void> {
  const { log, state } = book;
  const { sequence } = chunk;
  if ([...state.receipts.keys()].some((received) => received >= sequence)) {
    throw problem("conflict", { detail: `chunk ${sequence} was received` });
  }
  const becomes = await recutChunk(log, { state, chunk, parts: 2 });
  if (becomes.length < 2) throw problem("too_large", { detail: "one packet" });
  await putSplit(book, sequence, becomes);
}

/** What cannot be given as it was cut is cut anew from what is left, unless the scribe has it; so is what has lost its cut. */
export async function repair(book: Mending): Promise<void> {
  const { log } = book;
  for (let index = 0; index < book.state.chunks.length; index += 1) {
    const { state } = book;
    const { chunks, receipts } = state;
    const chunk = chunks[index];
    if (chunk === undefined || (chunk.sha256 !== "" && receipts.has(chunk.sequence))) continue;
    if (await isReadable(log, state, chunk)) continue;
    const parts = Math.max(1, (chunks[index + 1]?.sequence ?? 0) - chunk.sequence);
    const becomes = await recutChunk(log, { state, chunk, parts });
    await putSplit(book, chunk.sequence, becomes);
    index += becomes.length - 1;
  }
}

function putSplit({ put, clock }: Mending, sequence: number, becomes: Cut[]): Promise<unknown> {
  return put({ type: "split", split: { sequence, becomes, at: clock.now() } });
}

type Recut = { state: VisitState; chunk: CutChunk; parts: number };

/** A chunk's packets as this many chunks; fewer when there are not so many packets. */
async function recutChunk(log: Log, { state, chunk, parts }: Recut): Promise<Cut[]> {
  const packets = await packetsOf(log, state, chunk);
  const size = Math.ceil(packets.length / parts);
  const cuts: Cut[] = [];
  for (let at = 0; at < packets.length; at += size) {
    const slice = packets.slice(at, at + size);
    const sequence = chunk.sequence + cuts.length;
    const isStart = at === 0 && isFirst(state, chunk);
    cuts.push(await toCut(state, { number: chunk.recording, packets: slice, isFirst: isStart, sequence }));
  }
  return cuts;
}

function isReadable(log: Log, state: VisitState, chunk: CutChunk): Promise<boolean> {
  return readChunk(log, state, chunk).then(
    () => true,
    () => false,
  );
}
