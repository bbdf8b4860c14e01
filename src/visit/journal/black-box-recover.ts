/**
 * After a crash: what the black box holds beyond a recording that was cut off is written into the journal, as a recording of its
 * own. It can be killed at any write: the same box and the same journal give the same pieces, and those that are there already are
 * not written again.
 */
import type { BoxRecord } from "./black-box-records.ts";
import { soundBeyond, type Beyond, type PlacedSound } from "./black-box-merge.ts";
import { piecesOfPcm, type Piece } from "./black-box-pcm.ts";
import { soundAfterSeam } from "./black-box-seam.ts";
import { packetSamples, plainHead } from "./opus.ts";
import { createWebmReader } from "./read-webm.ts";
import type { VisitJournal } from "./visit-journal.ts";
import { writeWebm } from "./write-webm.ts";

/** A piece is about one chunk's sound. */
const piecePackets = 750;

/** Every recording that was interrupted; those that are recovered already stay as they are. */
export async function recover(journal: VisitJournal, records: readonly BoxRecord[]): Promise<void> {
  for (const [recording, { interrupted, recovers, durationMs }] of [...journal.state().recordings].entries()) {
    if (!interrupted || recovers !== null) continue;
    const beyond = soundBeyond(records, { recording, endMs: durationMs });
    if (beyond === undefined) continue;
    const sounds = await soundAfterSeam(journal, recording, beyond);
    if (sounds.length > 0) await write(journal, recording, streamOf({ ...beyond, sounds }));
  }
}

type Stream = { mimeType: string; pieces: Piece[] };

/** A browser without an encoder for the box has none for its recovery either: its samples stay samples. */
function streamOf({ tapped, sounds }: Beyond): Stream {
  return tapped.codec === "opus"
    ? { mimeType: "audio/webm;codecs=opus", pieces: piecesOfOpus(sounds) }
    : { mimeType: "audio/wav", pieces: piecesOfPcm(sounds, tapped.sampleRate, piecePackets) };
}

async function write(journal: VisitJournal, recording: number, { mimeType, pieces }: Stream): Promise<void> {
  const begun = journal.state().recordings.findIndex(({ recovers }) => recovers === recording);
  const number = begun < 0 ? await journal.beginRecording(mimeType, { recovers: recording }) : begun;
  for (const piece of pieces) {
    const { streamBytes = 0, ended = true } = journal.state().recordings[number] ?? {};
    if (!ended && piece.from === streamBytes) await journal.append({ recording: number, levels: [], ...piece });
  }
  await journal.endRecording(number);
}

/** One stream, as a recorder would give it. */
function piecesOfOpus(sounds: readonly PlacedSound[]): Piece[] {
  const stream = writeWebm(
    plainHead,
    sounds.map(({ bytes }) => ({ bytes, samples: packetSamples(bytes) })),
  );
  const pieces: Piece[] = [];
  let from = 0;
  for (const [index, { end }] of createWebmReader().push(stream).entries()) {
    const isLast = index === sounds.length - 1;
    if (!isLast && (index + 1) % piecePackets !== 0) continue;
    const to = isLast ? stream.length : end;
    pieces.push({ from, bytes: stream.slice(from, to), capturedAt: sounds[index]?.endsAt ?? 0 });
    from = to;
  }
  return pieces;
}
