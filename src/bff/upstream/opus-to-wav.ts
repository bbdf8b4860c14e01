/**
 * One chunk of WebM/Opus as WAV: 16 kHz, mono, 16 bit, as long as its packets say. A chunk is a cut through one stream of
 * packets, and a decoder needs about half a second to settle: `before`, the last packets of the chunk in front of it, lets it
 * settle unheard (decisions/0006 has the figures with and without).
 */
import { BufferSource, EncodedPacketSink, Input, WEBM } from "mediabunny";
import { OpusDecoder } from "opus-decoder";
import { problem, ProblemError } from "#model/problem.ts";

const sampleRate = 16_000;

/** Packets that are kept of a chunk for the next one: 0.48 s of 60 ms packets. */
const settlingPackets = 8;

export type Converted = { wav: Uint8Array; tail: Uint8Array[] };

/** Throws `scribe_refused` when the bytes hold no Opus. */
export async function opusToWav(bytes: Uint8Array, before: Uint8Array[] = []): Promise<Converted> {
  const packets = await packetsOf(bytes);
  const decoder = new OpusDecoder({
    sampleRate,
    channels: 1,
    streamCount: 1,
    coupledStreamCount: 0,
    channelMappingTable: [0],
  });
  await decoder.ready;
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

const headBytes = 44;

function wavOf(parts: Float32Array[]): Uint8Array {
  const samples = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(headBytes + samples * 2);
  const view = new DataView(bytes.buffer);
  writeHead(view, samples * 2);
  let at = headBytes;
  for (const part of parts) {
    for (const value of part) {
      view.setInt16(at, Math.max(-32_768, Math.min(32_767, Math.round(value * 32_767))), true);
      at += 2;
    }
  }
  return bytes;
}

/** RIFF, one `fmt ` chunk of plain PCM, one `data` chunk. */
function writeHead(view: DataView, dataBytes: number): void {
  const word = (at: number, text: string): void => {
    for (let n = 0; n < text.length; n += 1) view.setUint8(at + n, text.charCodeAt(n));
  };
  word(0, "RIFF");
  view.setUint32(4, headBytes - 8 + dataBytes, true);
  word(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  word(36, "data");
  view.setUint32(40, dataBytes, true);
}
