/** Opus packets decoded for comparing (black-box-align.ts): one channel, 8000 samples a second. */
import { alignRate } from "./black-box-align.ts";

type OpusPacket = { bytes: Uint8Array; samples: number };

const opusRate = 48_000;

/** Undefined where this browser has no decoder, or it fails. */
export async function decodeOpus(packets: readonly OpusPacket[]): Promise<Float32Array | undefined> {
  if (globalThis.AudioDecoder === undefined) return undefined;
  const decoded: Float32Array[] = [];
  let isBroken = false;
  const decoder = new AudioDecoder({
    output: (data) => {
      decoded.push(narrow(data));
      data.close();
    },
    error: () => (isBroken = true),
  });
  try {
    decoder.configure({ codec: "opus", sampleRate: opusRate, numberOfChannels: 1 });
    let samples = 0;
    for (const packet of packets) {
      const timestamp = Math.round((samples / opusRate) * 1e6);
      decoder.decode(new EncodedAudioChunk({ type: "key", timestamp, data: packet.bytes.slice() }));
      samples += packet.samples;
    }
    await decoder.flush();
  } catch {
    return undefined;
  } finally {
    if (decoder.state !== "closed") decoder.close();
  }
  return isBroken ? undefined : join(decoded);
}

/** The first channel; each sample is the mean of those it stands for. */
function narrow(data: AudioData): Float32Array {
  const wide = new Float32Array(data.numberOfFrames);
  data.copyTo(wide, { planeIndex: 0, format: "f32-planar" });
  const step = Math.round(data.sampleRate / alignRate);
  return Float32Array.from({ length: Math.floor(wide.length / step) }, (_, index) => {
    const part = wide.subarray(index * step, (index + 1) * step);
    return part.reduce((sum, sample) => sum + sample, 0) / step;
  });
}

function join(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
