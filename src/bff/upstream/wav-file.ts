/**
 * A stream of WebM/Opus as a WAV file: 16 kHz, mono, 16 bit. One decoder hears the whole of it, so nothing is settled twice. The
 * length is fixed beforehand, because a WAV file begins with it: what a damaged packet lacks is silence at the end.
 */
import { EncodedPacketSink, Input, ReadableStreamSource, WEBM } from "mediabunny";
import { problem } from "#model/problem.ts";
import { openDecoder } from "./opus-decoder.ts";
import { pcmOf, sampleRate, wavHead, wavHeadBytes } from "./pcm.ts";

export { wavHeadBytes };

/** About a second. */
const packetsInPiece = 16;

export function samplesOf(durationMs: number): number {
  return Math.round((durationMs * sampleRate) / 1000);
}

/** Pieces of about a second. Throws `scribe_refused` when the bytes hold no Opus. */
export async function* wavFile(webm: ReadableStream<Uint8Array>, samples: number): AsyncGenerator<Uint8Array> {
  const decoder = await openDecoder();
  try {
    yield wavHead(samples * 2);
    let left = samples;
    let piece: Float32Array[] = [];
    for await (const packet of packetsOf(webm)) {
      const decoded = (decoder.decodeFrame(packet).channelData[0] ?? new Float32Array()).subarray(0, left);
      left -= decoded.length;
      piece.push(decoded);
      if (piece.length >= packetsInPiece) {
        yield pcmOf(piece);
        piece = [];
      }
    }
    yield pcmOf(piece);
    for (; left > 0; left -= Math.min(left, sampleRate)) yield new Uint8Array(Math.min(left, sampleRate) * 2);
  } finally {
    decoder.free();
  }
}

async function* packetsOf(webm: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  using input = new Input({ source: new ReadableStreamSource(webm), formats: [WEBM] });
  const track = await input.getPrimaryAudioTrack();
  const config = await track?.getDecoderConfig();
  if (!track || config?.codec !== "opus") throw problem("scribe_refused", { detail: "no WebM with Opus" });
  for await (const packet of new EncodedPacketSink(track).packets()) yield packet.data;
}
