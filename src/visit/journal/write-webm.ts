/** Opus packets in, one WebM file out: it starts at zero, states its length, and plays without anything before or after it. */
import { formatOf, preSkipOf, samplesToMs } from "./opus.ts";
import { concat } from "./bytes.ts";
import type { Packet } from "./packet.ts";

type Sounding = Pick<Packet, "bytes" | "samples">;

/** Clusters hold 16-bit times: 32 s at most. */
const clusterSamples = 20 * 48_000;

/** The same packets and head always give the same bytes. */
export function writeWebm(opusHead: Uint8Array, packets: readonly Sounding[]): Uint8Array<ArrayBuffer> {
  const samples = packets.reduce((sum, packet) => sum + packet.samples, 0);
  return concat([
    element(0x1a45dfa3, [text(0x4282, "webm"), number(0x4287, 4), number(0x4285, 2)]),
    element(0x18538067, [info(samplesToMs(samples)), tracks(opusHead, packets), ...clusters(packets)]),
  ]);
}

function info(durationMs: number): Uint8Array {
  const parts = [
    number(0x2ad7b1, 1_000_000),
    float(0x4489, durationMs),
    text(0x4d80, "Chartside"),
    text(0x5741, "Chartside"),
  ];
  return element(0x1549a966, parts);
}

/** Codec delay and seek pre-roll in nanoseconds (RFC 7845 §4.2, Matroska "A_OPUS"). */
function tracks(opusHead: Uint8Array, packets: readonly Sounding[]): Uint8Array {
  const { channels, sampleRate } = formatOf(opusHead);
  const audio = element(0xe1, [float(0xb5, sampleRate === 0 ? 48_000 : sampleRate), number(0x9f, channels)]);
  const delay = Math.round(samplesToMs(preSkipOf(opusHead)) * 1_000_000);
  const entry = [
    number(0xd7, 1),
    number(0x73c5, 1),
    number(0x83, 2),
    text(0x86, "A_OPUS"),
    element(0x63a2, [opusHead]),
    number(0x56aa, delay),
    number(0x56bb, 80_000_000),
    ...packetDuration(packets),
    audio,
  ];
  return element(0x1654ae6b, [element(0xae, entry)]);
}

/** Readers that do not know Opus learn from this how long the last packet is. */
function packetDuration(packets: readonly Sounding[]): Uint8Array[] {
  const samples = packets[0]?.samples ?? 0;
  const isConstant = packets.every((packet) => packet.samples === samples);
  return isConstant ? [number(0x23e383, Math.round(samplesToMs(samples) * 1_000_000))] : [];
}

function clusters(packets: readonly Sounding[]): Uint8Array[] {
  const written: Uint8Array[] = [];
  let blocks: Uint8Array[] = [];
  let start = 0;
  let now = 0;
  const flush = (): void => {
    if (blocks.length > 0) written.push(element(0x1f43b675, [number(0xe7, Math.round(samplesToMs(start))), ...blocks]));
    blocks = [];
    start = now;
  };
  for (const packet of packets) {
    if (now - start >= clusterSamples) flush();
    const time = Math.round(samplesToMs(now)) - Math.round(samplesToMs(start));
    blocks.push(element(0xa3, [Uint8Array.of(0x81, time >> 8, time & 255, 0x80), packet.bytes]));
    now += packet.samples;
  }
  flush();
  return written;
}

function element(id: number, parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  return concat([bytesOf(id), sizeBytes(size), ...parts]);
}

/** Sizes are written in one byte where they fit, else in four. */
function sizeBytes(size: number): Uint8Array {
  if (size < 127) return Uint8Array.of(0x80 | size);
  return Uint8Array.of(0x10 | (size >> 24), (size >> 16) & 255, (size >> 8) & 255, size & 255);
}

function number(id: number, value: number): Uint8Array {
  return element(id, [bytesOf(value)]);
}

function float(id: number, value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return element(id, [bytes]);
}

function text(id: number, value: string): Uint8Array {
  return element(id, [new TextEncoder().encode(value)]);
}

/** Big-endian without leading zeros; zero is one byte. */
function bytesOf(value: number): Uint8Array {
  const bytes = [value & 255];
  for (let rest = Math.floor(value / 256); rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest & 255);
  return Uint8Array.from(bytes);
}
