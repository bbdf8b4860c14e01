/**
 * One chunk of WebM/Opus as WAV: 16 kHz, mono, 16 bit, as long as its packets say. A chunk is a cut through one stream of
 * packets, and a decoder needs about half a second to settle: `before`, the last packets of the chunk in front of it, lets it
 * settle unheard (decisions/0006 has the figures with and without).
 */
import { BufferSource, EncodedPacketSink, Input, WEBM } from "mediabunny";
import { problem, ProblemError } from "#model/problem.ts";
import { openDecoder } from "./opus-decoder.ts";
import { pcmOf, wavHead, wavHeadBytes } from "./pcm.ts";

/** Packets that are kept of a chunk for the next one: 0.48 s of 60 ms packets. */
const settlingPackets = 8;

export type Converted = { wav: Uint8Array; tail: Uint8Array[] };

/** Throws `scribe_refused` when the bytes hold no Opus. */
export async function opusToWav(bytes: Uint8Array, before: Uint8Array[] = []): Promise<Converted> {
  const packets = await packetsOf(bytes);
  const decoder = await openDecoder();
  try {
    for (const packet of before) decoder.decodeFrame(packet);
    const parts = packets.map((packet) => decoder.decodeFrame(packet).channelData[0] ?? new Float32Array());
    return { wav: wavOf(parts), tail: packets.slice(-settlingPackets) };
  } finally {
    decoder.free();
  }
}

async function packetsOf(bytes: Uint8Array): Promise<Uint8Array[]> {
  const packets: Uint8Array[] = [];
  try {
    using input = new Input({ source: new BufferSource(bytes), formats: [WEBM] });
    const track = await input.getPrimaryAudioTrack();
    const config = await track?.getDecoderConfig();
    if (!track || config?.codec !== "opus") throw unreadable();
    for await (const packet of new EncodedPacketSink(track).packets()) packets.push(packet.data);
  } catch (thrown) {
    throw thrown instanceof ProblemError ? thrown : unreadable();
  }
  return packets;
}

function unreadable(): ProblemError {
  return problem("scribe_refused", { detail: "the chunk is not WebM with Opus, so it cannot become WAV" });
}

function wavOf(parts: Float32Array[]): Uint8Array {
  const pcm = pcmOf(parts);
  const bytes = new Uint8Array(wavHeadBytes + pcm.length);
  bytes.set(wavHead(pcm.length));
  bytes.set(pcm, wavHeadBytes);
  return bytes;
}
