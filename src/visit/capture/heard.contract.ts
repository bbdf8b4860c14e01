/** For tests: where a recording lies in the sound that was played, found by correlation. */
import type { Fragment } from "./take.ts";

/** Correlated at this rate: a step is an eighth of a millisecond. */
const rate = 8000;
const windowMs = 200;

export function makeNoise(context: BaseAudioContext, seconds: number): AudioBuffer {
  const noise = context.createBuffer(1, seconds * context.sampleRate, context.sampleRate);
  const samples = noise.getChannelData(0);
  for (let index = 0; index < samples.length; index += 1) samples[index] = Math.random() * 0.6 - 0.3;
  return noise;
}

/** From and to which millisecond of the played sound this recording is. Its last packet may be made up with silence. */
export async function placeIn(played: AudioBuffer, fragments: readonly Fragment[]): Promise<Place> {
  const [whole, part] = await heard(played, fragments);
  const startMs = startSeenFrom(Math.floor(part.length / 2), part, whole);
  return { startMs, endMs: startMs + (soundLength(part) / rate) * 1000 };
}

async function heard(played: AudioBuffer, fragments: readonly Fragment[]): Promise<[Float32Array, Float32Array]> {
  const recorded = await decode(await new Blob(fragments.map(({ bytes }) => bytes)).arrayBuffer());
  return [await lower(played), await lower(recorded)];
}

/** Where the recording would begin in the played sound, by the place of the window that begins at this sample of it. */
function startSeenFrom(sample: number, part: Float32Array, whole: Float32Array): number {
  const found = whereIs(part.subarray(sample, sample + (rate * windowMs) / 1000), whole);
  return ((found - sample) / rate) * 1000;
}

type Place = { startMs: number; endMs: number };

function decode(bytes: ArrayBuffer): Promise<AudioBuffer> {
  return new OfflineAudioContext(1, 1, 48_000).decodeAudioData(bytes);
}

async function lower(sound: AudioBuffer): Promise<Float32Array> {
  const context = new OfflineAudioContext(1, Math.ceil(sound.duration * rate), rate);
  const source = new AudioBufferSourceNode(context, { buffer: sound });
  source.connect(context.destination);
  source.start();
  return (await context.startRendering()).getChannelData(0);
}

function whereIs(part: Float32Array, whole: Float32Array): number {
  let best = { at: 0, likeness: 0 };
  for (let at = 0; at + part.length <= whole.length; at += 1) {
    let likeness = 0;
    for (let index = 0; index < part.length; index += 1) likeness += part[index]! * whole[at + index]!;
    if (likeness > best.likeness) best = { at, likeness };
  }
  return best.at;
}

/** Without the silence at the end. */
function soundLength(samples: Float32Array): number {
  let length = samples.length;
  while (length > 0 && Math.abs(samples[length - 1]!) < 0.02) length -= 1;
  return length;
}
