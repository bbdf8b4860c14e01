/**
 * The seam between a recording that was cut off and what the black box has beyond it, to the packet. The clocks say about where it
 * is (black-box-merge.ts); here both sounds are decoded and laid on each other. Where that tells nothing, the clocks hold.
 */
import { alignRate, findEnd } from "./black-box-align.ts";
import { decodeOpus } from "./black-box-decode.ts";
import type { Beyond, PlacedSound } from "./black-box-merge.ts";
import { packetSamples, samplesToMs } from "./opus.ts";
import type { Packet } from "./packet.ts";
import { createWebmReader } from "./read-webm.ts";
import type { VisitJournal } from "./visit-journal.ts";

/** Of the recording's end: what is compared, also when the box is that much behind. */
const tailMs = 1200;
/** How far the clocks may be wrong. */
const aroundMs = 1500;

/** The box's sound from the seam on: the packet in which the recording's sound ends is the first. None when all of it is in the recording. */
export async function soundAfterSeam(journal: VisitJournal, recording: number, beyond: Beyond): Promise<PlacedSound[]> {
  const { before, sounds, tapped } = beyond;
  if (tapped.codec !== "opus") return sounds;
  const all = [...lastOf(before, aroundMs), ...sounds];
  const near = all.slice(0, all.length - sounds.length + firstOf(sounds, aroundMs).length);
  const [tail, box] = [await decodedTail(journal, recording), await decodeOpus(near.map(toPacket))];
  if (tail === undefined || box === undefined) return sounds;
  const end = findEnd(tail, box);
  if (end === undefined) return findEnd(box, tail) === undefined ? sounds : []; // the box ends first
  const endMs = (end * 1000) / alignRate;
  let heardMs = 0;
  const first = near.findIndex((sound) => (heardMs += lengthOf(sound)) > endMs);
  return all.slice(first < 0 ? near.length : first);
}

async function decodedTail(journal: VisitJournal, number: number): Promise<Float32Array | undefined> {
  const { recordings, chunks } = journal.state();
  const recording = recordings[number];
  if (recording?.format.leavesAs !== "audio/webm;codecs=opus") return undefined;
  const chunk = chunks.findLast((candidate) => candidate.recording === number);
  const isShort = samplesToMs(recording.waiting.reduce((sum, { samples }) => sum + samples, 0)) < tailMs;
  // A chunk of Opus is WebM, whatever its recording was.
  const cut: Packet[] = isShort && chunk ? createWebmReader().push(await journal.chunk(chunk.sequence)) : [];
  return decodeOpus(lastOf([...cut, ...recording.waiting], tailMs));
}

function toPacket({ bytes }: PlacedSound): { bytes: Uint8Array; samples: number } {
  return { bytes, samples: packetSamples(bytes) };
}

function lengthOf({ bytes }: { bytes: Uint8Array }): number {
  return samplesToMs(packetSamples(bytes));
}

function lastOf<P extends { bytes: Uint8Array }>(packets: readonly P[], ms: number): P[] {
  return firstOf(packets.toReversed(), ms).toReversed();
}

function firstOf<P extends { bytes: Uint8Array }>(packets: readonly P[], ms: number): P[] {
  let sum = 0;
  return packets.filter((packet) => (sum += lengthOf(packet)) <= ms);
}
