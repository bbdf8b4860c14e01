/** Where a piece of sound lies in a longer one: normalised cross-correlation, by FFT where many places are asked about. */

export type Found = {
  /** Samples into the longer sound. */ at: number;
  /** 1: the same sound; 0: nothing in common. */ likeness: number;
};

/** The best place of `piece` in `sound`; `sound` must be at least as long. */
export function findIn(piece: Float32Array, sound: Float32Array): Found {
  const size = 2 ** Math.ceil(Math.log2(piece.length + sound.length));
  const [re, im] = [new Float64Array(size), new Float64Array(size)];
  // One transform for both: the sound is the real part, the piece (turned round) the imaginary one.
  re.set(sound);
  for (let index = 0; index < piece.length; index += 1) im[index] = piece[piece.length - 1 - index] ?? 0;
  transform(re, im);
  multiplyParts(re, im);
  transform(im, re); // with the parts swapped: the inverse
  const energy = energyOf(piece);
  const energies = runningEnergy(sound, piece.length);
  return bestOf(energies.length, (at) => {
    const product = (re[at + piece.length - 1] ?? 0) / size;
    return product / Math.sqrt(energy * (energies[at] ?? 0) + 1e-12);
  });
}

/** The same, place by place: faster where there are few. */
export function findNear(piece: Float32Array, sound: Float32Array): Found {
  const places = sound.length - piece.length + 1;
  return bestOf(places, (at) => likeness(piece, sound.subarray(at, at + piece.length)));
}

function bestOf(places: number, likenessAt: (at: number) => number): Found {
  let best: Found = { at: 0, likeness: -1 };
  for (let at = 0; at < places; at += 1) {
    const found = likenessAt(at);
    if (found > best.likeness) best = { at, likeness: found };
  }
  return best;
}

/** How alike two pieces of the same length are. */
export function likeness(a: Float32Array, b: Float32Array): number {
  let product = 0;
  let left = 0;
  let right = 0;
  for (let index = 0; index < a.length; index += 1) {
    const x = a[index] ?? 0;
    const y = b[index] ?? 0;
    product += x * y;
    left += x * x;
    right += y * y;
  }
  return product / Math.sqrt(left * right + 1e-12);
}

function energyOf(samples: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < samples.length; index += 1) sum += (samples[index] ?? 0) ** 2;
  return sum;
}

function runningEnergy(sound: Float32Array, length: number): Float64Array {
  const energies = new Float64Array(Math.max(0, sound.length - length + 1));
  let sum = energyOf(sound.subarray(0, length));
  for (let at = 0; at < energies.length; at += 1) {
    energies[at] = sum;
    sum += (sound[at + length] ?? 0) ** 2 - (sound[at] ?? 0) ** 2;
  }
  return energies;
}

/** Spectrum of (real part's signal) times spectrum of (imaginary part's signal), in place. */
function multiplyParts(re: Float64Array, im: Float64Array): void {
  const size = re.length;
  const [a, b] = [re.slice(), im.slice()];
  for (let k = 0; k < size; k += 1) {
    const mirror = (size - k) % size;
    const soundRe = ((a[k] ?? 0) + (a[mirror] ?? 0)) / 2;
    const soundIm = ((b[k] ?? 0) - (b[mirror] ?? 0)) / 2;
    const pieceRe = ((b[k] ?? 0) + (b[mirror] ?? 0)) / 2;
    const pieceIm = ((a[mirror] ?? 0) - (a[k] ?? 0)) / 2;
    re[k] = soundRe * pieceRe - soundIm * pieceIm;
    im[k] = soundRe * pieceIm + soundIm * pieceRe;
  }
}

/** Radix-2 FFT in place; the length is a power of two. */
function transform(re: Float64Array, im: Float64Array): void {
  const size = re.length;
  reverseBits(re, im);
  for (let half = 1; half < size; half *= 2) {
    const { cos, sin } = turns(half);
    for (let start = 0; start < size; start += half * 2) {
      for (let k = 0, low = start, high = start + half; k < half; k += 1, low += 1, high += 1) {
        const wr = cos[k] ?? 0;
        const wi = sin[k] ?? 0;
        const hr = re[high] ?? 0;
        const hi = im[high] ?? 0;
        const tr = hr * wr - hi * wi;
        const ti = hr * wi + hi * wr;
        const lr = re[low] ?? 0;
        const li = im[low] ?? 0;
        re[high] = lr - tr;
        im[high] = li - ti;
        re[low] = lr + tr;
        im[low] = li + ti;
      }
    }
  }
}

const knownTurns = new Map<number, { cos: Float64Array; sin: Float64Array }>();

function turns(half: number): { cos: Float64Array; sin: Float64Array } {
  const known = knownTurns.get(half);
  if (known) return known;
  const made = {
    cos: Float64Array.from({ length: half }, (_, k) => Math.cos((-Math.PI * k) / half)),
    sin: Float64Array.from({ length: half }, (_, k) => Math.sin((-Math.PI * k) / half)),
  };
  knownTurns.set(half, made);
  return made;
}

function reverseBits(re: Float64Array, im: Float64Array): void {
  const size = re.length;
  for (let index = 1, mirror = 0; index < size; index += 1) {
    let bit = size >> 1;
    for (; (mirror & bit) !== 0; bit >>= 1) mirror ^= bit;
    mirror ^= bit;
    if (index >= mirror) continue;
    [re[index], re[mirror]] = [re[mirror] ?? 0, re[index] ?? 0];
    [im[index], im[mirror]] = [im[mirror] ?? 0, im[index] ?? 0];
  }
}
