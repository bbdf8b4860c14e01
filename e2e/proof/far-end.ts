/**
 * What the scribe holds of a visit, read from its disk and decoded there by another decoder than the app's. Each chunk is opened
 * and decoded alone, as a service may do; a session that was never ended gave way to a later one and is not part of the visit.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from "mediabunny";
import { OpusDecoder } from "opus-decoder";
import type { Held } from "./checker.ts";

/** The chunk files of every ended session, oldest session first, in the order of their places. */
export function heldChunks(scribeFolder: string): Uint8Array[] {
  return endedSessions(scribeFolder).flatMap((session) => chunksOf(join(scribeFolder, "audio", session)));
}

function endedSessions(scribeFolder: string): string[] {
  const database = new DatabaseSync(join(scribeFolder, "scribe.sqlite"), { readOnly: true, timeout: 5000 });
  const rows = database.prepare("SELECT id FROM sessions WHERE ended_at IS NOT NULL ORDER BY created_at").all();
  database.close();
  return rows.map((row) => String(row["id"]));
}

/** Throws when a place is missing. */
function chunksOf(folder: string): Uint8Array[] {
  const places = readdirSync(folder).map(Number);
  return places.map((_, place) => {
    if (!places.includes(place)) throw new Error(`the scribe lacks chunk ${place} of ${places.length}`);
    return readFileSync(join(folder, String(place)));
  });
}

/** Decodes every chunk with a decoder of its own and puts them one after the other. */
export async function decodeChunks(chunks: readonly Uint8Array[]): Promise<Held> {
  const parts: Float32Array[] = [];
  for (const chunk of chunks) parts.push(await decodeAlone(chunk));
  const samples = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  const chunkStarts: number[] = [];
  let at = 0;
  for (const part of parts) {
    chunkStarts.push(at);
    samples.set(part, at);
    at += part.length;
  }
  return { samples, chunkStarts };
}

async function decodeAlone(chunk: Uint8Array): Promise<Float32Array> {
  const decoder = new OpusDecoder({ channels: 1, streamCount: 1, coupledStreamCount: 0, channelMappingTable: [0] });
  await decoder.ready;
  const { packets, preSkip } = await openChunk(chunk);
  const { channelData, samplesDecoded } = decoder.decodeFrames(packets);
  decoder.free();
  return (channelData[0] ?? new Float32Array()).slice(preSkip, samplesDecoded);
}

/** The Opus packets of one file, and how many samples of the first its head tells to drop. */
export async function openChunk(chunk: Uint8Array): Promise<{ packets: Uint8Array[]; preSkip: number }> {
  const bytes = new Uint8Array(chunk).buffer;
  const track = await new Input({ formats: ALL_FORMATS, source: new BufferSource(bytes) }).getPrimaryAudioTrack();
  const config = await track?.getDecoderConfig();
  if (!track || !config) throw new Error("a stored chunk has no audio track: it cannot be played alone");
  const packets: Uint8Array[] = [];
  for await (const packet of new EncodedPacketSink(track).packets()) packets.push(packet.data);
  return { packets, preSkip: preSkipIn(config.description) };
}

/** RFC 7845 §5.1: two bytes at 10 of OpusHead. */
function preSkipIn(head: AllowSharedBufferSource | undefined): number {
  if (head === undefined) return 0;
  const view = ArrayBuffer.isView(head) ? head : new Uint8Array(head);
  return new DataView(view.buffer, view.byteOffset).getUint16(10, true);
}
