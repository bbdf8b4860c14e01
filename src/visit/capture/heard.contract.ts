/** For tests: where a recording lies in the sound that was played, found by correlation. */
import type { Fragment } from "./take.ts";

/**
 * Made and correlated at this rate: a step is a quarter of a millisecond. Noise up to 2 kHz keeps its shape in a recording. What is
 * wider does not (likeness 0.2 instead of 0.6 and more), and then one window of 50 is found at a wrong place.
 */
const rate = 4000;
const windowMs = 200;

export function makeNoise(context: BaseAudioContext, seconds: number): AudioBuffer {
  const noise = context.createBuffer(1, seconds * rate, rate);
  const samples = noise.getChannelData(0);
  for (let index = 0; index < samples.length; index += 1) samples[index] = Math.random() * 0.6 - 0.3;
  return noise;
}

/**
 * From where in the played sound this recording is, as its first 200 ms say, and to where, as its last 200 ms say. Its last packet may
 * be made up with silence.
 */
export async function placeIn(played: AudioBuffer, fragments: readonly Fragment[]): Promise<Place> {
  const [whole, part] = await heard(played, fragments);
  const length = soundLength(part);
  const endMs = startSeenFrom(length - (rate * windowMs) / 1000, part, whole) + (length / rate) * 1000;
  return { startMs: startSeenFrom(0, part, whole), endMs };
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
