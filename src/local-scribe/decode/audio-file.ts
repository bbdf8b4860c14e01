/**
 * One uploaded file opened: WebM/Opus to its packets, WAV to its samples. Nothing is decoded here, so an upload is checked and
 * measured in about a millisecond.
 */
import { BufferSource, EncodedPacketSink, Input, WEBM } from "mediabunny";
import { Refusal } from "#local-scribe/refusal.ts";
import { opusSamples } from "./opus-packet.ts";
import { samplesPerMs } from "./pcm.ts";
import { readWav } from "./wav.ts";

/** Sent verbatim in discovery and compared by their type alone. */
export const audioFormats = ["audio/webm;codecs=opus", "audio/wav"];

export type AudioFile =
  | { kind: "opus"; packets: Uint8Array[]; preSkip: number; durationMs: number }
  | { kind: "pcm"; samples: Int16Array; durationMs: number };

/** Opens a file by its first bytes; `invalid_audio_format` when it is neither WebM/Opus nor 16 kHz mono WAV, or holds no audio. */
export async function openAudioFile(bytes: Uint8Array): Promise<AudioFile> {
  const file = await openByMagic(bytes);
  if (file.durationMs > 0) return file;
  throw unreadable();
}

async function openByMagic(bytes: Uint8Array): Promise<AudioFile> {
  const magic = Buffer.from(bytes.subarray(0, 4)).toString("hex");
  if (magic === "1a45dfa3") return openWebm(bytes);
  if (magic === "52494646") {
    const samples = readWav(bytes);
    return { kind: "pcm", samples, durationMs: samples.length / samplesPerMs };
  }
  throw unreadable();
}

async function openWebm(bytes: Uint8Array): Promise<AudioFile> {
  using input = new Input({ source: new BufferSource(bytes), formats: [WEBM] });
  const packets: Uint8Array[] = [];
  let preSkip = 0;
  try {
    const track = await input.getPrimaryAudioTrack();
    if (track === null) throw unreadable();
    const config = await track.getDecoderConfig();
    if (config?.codec !== "opus") throw unreadable();
    preSkip = preSkipOf(config.description);
    for await (const packet of new EncodedPacketSink(track).packets()) packets.push(packet.data);
  } catch (cause) {
    throw cause instanceof Refusal ? cause : unreadable();
  }
  const samples = packets.reduce((sum, packet) => sum + opusSamples(packet), 0);
  return { kind: "opus", packets, preSkip, durationMs: samples / 48 };
}

/** OpusHead bytes 10 and 11 (RFC 7845 §5.1), samples at 48 kHz. */
function preSkipOf(head: ArrayBufferLike | ArrayBufferView | undefined): number {
  if (head === undefined) return 0;
  const bytes = ArrayBuffer.isView(head)
    ? new Uint8Array(head.buffer, head.byteOffset, head.byteLength)
    : new Uint8Array(head);
  return (bytes[10] ?? 0) + 256 * (bytes[11] ?? 0);
}

function unreadable(): Refusal {
  return new Refusal("invalid_audio_format", "The audio is not readable as any supported format", {
    supported_formats: audioFormats,
  });
}
