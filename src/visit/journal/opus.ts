/** What an Opus packet says about itself (RFC 6716 §3.1), and the stream head that decoders need (RFC 7845 §5.1). */

const silkSamples = [480, 960, 1920, 2880];
const hybridSamples = [480, 960];
const celtSamples = [120, 240, 480, 960];

function frameSamples(configuration: number): number {
  if (configuration < 12) return silkSamples[configuration % 4] ?? 0;
  if (configuration < 16) return hybridSamples[configuration % 2] ?? 0;
  return celtSamples[configuration % 4] ?? 0;
}

/** Length of a packet in samples at 48 kHz; 0 for an empty one. */
export function packetSamples(packet: Uint8Array): number {
  const [toc, second = 0] = packet;
  if (toc === undefined) return 0;
  const code = toc & 3;
  const frames = code === 0 ? 1 : code === 3 ? second & 63 : 2;
  return frameSamples(toc >> 3) * frames;
}

/** Is this the head of an Opus stream (and not another codec's)? */
export function isOpusHead(head: Uint8Array): boolean {
  return String.fromCharCode(...head.subarray(0, 8)) === "OpusHead";
}

export function samplesToMs(samples: number): number {
  return samples / 48;
}

/**
 * A copy of the head for a slice that does not begin a recording: its pre-skip is 0, because decoders would cut that much of
 * real speech.
 */
export function withoutPreSkip(opusHead: Uint8Array): Uint8Array {
  const copy = opusHead.slice();
  copy.fill(0, 10, 12);
  return copy;
}

/**
 * A head for packets whose own was lost with a damaged record: version 1, two channels, no pre-skip, 48 kHz. Every Opus decoder
 * turns one channel into two by itself (RFC 6716 §2.1.2), so it fits any recording of one or two channels.
 */
export const plainHead: Uint8Array = Uint8Array.from([
  ...new TextEncoder().encode("OpusHead"),
  1,
  2,
  0,
  0,
  0x80,
  0xbb,
  0,
  0,
  0,
  0,
  0,
]);

/** Samples at 48 kHz to drop at the very start of a recording. */
export function preSkipOf(opusHead: Uint8Array): number {
  return (opusHead[10] ?? 0) | ((opusHead[11] ?? 0) << 8);
}

/** Channel count and original sample rate as the head states them. */
export function formatOf(opusHead: Uint8Array): { channels: number; sampleRate: number } {
  const view = new DataView(opusHead.buffer, opusHead.byteOffset, opusHead.byteLength);
  return { channels: view.getUint8(9), sampleRate: view.getUint32(12, true) };
}
