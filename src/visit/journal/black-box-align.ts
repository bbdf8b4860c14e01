/**
 * Where in the black box the journal's last sound ends, found by likeness: two clocks tell it to a tenth of a second, the sound
 * itself to less than a packet. In: both sounds, decoded. Out: a place, or nothing where the sound does not tell (silence, a hum).
 */

/** Enough to tell speech of one moment from speech of another. */
export const alignRate = 8000;
/** What is compared at a time: on a busy machine the tap stumbles (10 ms more or less), and a longer stretch would hold two places. */
const comparedSamples = 0.2 * alignRate;
/** Two encodings of one sound are at least so alike; two different sounds never are. */
const sameSound = 0.7;
/** Where the last stretch tells nothing, one before it does: in steps of 50 ms, half a second back. */
const stepSamples = 0.05 * alignRate;
const mostSteps = 10;
/** What the tap may have stumbled within that stretch, or from it to the end: rather twice than not at all. */
const stumbleSamples = { within: 0.005 * alignRate, after: 0.03 * alignRate };
/** Another place that is nearly as like leaves it open, the more so the less like the best is; nearer than 3 ms it is the same place. */
const clearBy = (likeness: number): number => Math.max(0.02, (1 - likeness) / 2);
const samePlaceSamples = 0.003 * alignRate;
/** Quieter is no sound: about -70 dBFS. */
const quietest = 0.0003;

/**
 * The sample of `box` at which `tail` ends, or a little before; undefined when it cannot be told. Both in `alignRate` samples a second, one channel.
 * Undefined too when `box` ends before `tail` does.
 */
export function findEnd(tail: Float32Array, box: Float32Array): number | undefined {
  for (let step = 0; step <= mostSteps; step += 1) {
    const after = step * stepSamples;
    const end = findStretch(tail.subarray(0, Math.max(0, tail.length - after)), box);
    if (end === undefined) continue;
    if (end + after > box.length) return undefined;
    return end + after - (step === 0 ? stumbleSamples.within : stumbleSamples.after);
  }
  return undefined;
}

/** Where in `box` the last stretch of `tail` ends. */
function findStretch(tail: Float32Array, box: Float32Array): number | undefined {
  const sound = tail.subarray(Math.max(0, tail.length - comparedSamples));
  if (sound.length < comparedSamples || loudness(sound) < quietest) return undefined;
  const alike = likenessAt(sound, box);
  const best = indexOfMost(alike, () => true);
  const second = indexOfMost(alike, (place) => Math.abs(place - best) > samePlaceSamples);
  const [likeness, rival] = [alike[best] ?? 0, alike[second] ?? 0];
  return likeness < sameSound || likeness - rival < clearBy(likeness) ? undefined : best + sound.length;
}

/** Normalised correlation of `sound` with every stretch of `box` that is as long. */
function likenessAt(sound: Float32Array, box: Float32Array): Float32Array {
  const alike = new Float32Array(Math.max(0, box.length - sound.length + 1));
  const power = sound.reduce((sum, sample) => sum + sample * sample, 0);
  let boxPower = box.subarray(0, sound.length).reduce((sum, sample) => sum + sample * sample, 0);
  for (let place = 0; place < alike.length; place += 1) {
    let both = 0;
    for (let index = 0; index < sound.length; index += 1) both += (sound[index] ?? 0) * (box[place + index] ?? 0);
    alike[place] = boxPower <= 0 ? 0 : both / Math.sqrt(power * boxPower);
    boxPower += (box[place + sound.length] ?? 0) ** 2 - (box[place] ?? 0) ** 2;
  }
  return alike;
}

function indexOfMost(values: Float32Array, isAllowed: (index: number) => boolean): number {
  let most = -1;
  for (const [index, value] of values.entries()) {
    if (isAllowed(index) && (most < 0 || value > (values[most] ?? 0))) most = index;
  }
  return most;
}

function loudness(sound: Float32Array): number {
  return Math.sqrt(sound.reduce((sum, sample) => sum + sample * sample, 0) / sound.length);
}
