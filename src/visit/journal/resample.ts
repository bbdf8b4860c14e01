/**
 * Sound at any rate, one channel, as 16-bit samples at 16 kHz: what scribes take as WAV. In: pieces of samples (−1..1), as they come.
 * Out: the samples that are settled by then; all pieces together give as much sound as went in. The same sound gives the same samples.
 */

export const wavRate = 16_000;

/** Zero crossings of the filter to each side. Measured (resample.test.ts): up to 6.5 kHz all passes, what would fold back below that is 70 dB down. */
const crossings = 32;
/** The filter's edge, as a share of the lower rate's half. */
const passband = 0.94;

export type Resampler = {
  push(samples: Float32Array): Int16Array<ArrayBuffer>;
  /** What the filter still holds. */
  end(): Int16Array<ArrayBuffer>;
};

/** `rate` is a whole number of samples in a second. */
export function createResampler(rate: number): Resampler {
  const step = rate / wavRate;
  const cutoff = passband * Math.min(1, wavRate / rate);
  const half = Math.ceil(crossings / Math.min(1, wavRate / rate));
  const kernels = new Map<number, Float64Array>();
  /** Begins `half` samples before the first sound. */
  let held: Float32Array = new Float32Array(half);
  let heldFrom = -half;
  let taken = 0;
  let given = 0;

  /** For a place that lies `late` 16,000ths of a sample after a sample. */
  function kernelAt(late: number): Float64Array {
    const known = kernels.get(late) ?? makeKernel({ half, cutoff, late: late / wavRate });
    kernels.set(late, known);
    return known;
  }

  function sampleAt(place: number, kernel: Float64Array): number {
    const first = place - half + 1 - heldFrom;
    let sum = 0;
    for (let index = 0; index < kernel.length; index += 1) sum += (held[first + index] ?? 0) * (kernel[index] ?? 0);
    return Math.max(-32_768, Math.min(32_767, Math.round(sum * 32_767)));
  }

  function take(samples: Float32Array, until: number): Int16Array<ArrayBuffer> {
    const more = new Float32Array(held.length + samples.length);
    more.set(held);
    more.set(samples, held.length);
    held = more;
    const settled = Math.min(until, Math.ceil((heldFrom + held.length - half) / step));
    const out = new Int16Array(Math.max(0, settled - given));
    for (let index = 0; index < out.length; index += 1) {
      const place = (given + index) * rate;
      out[index] = sampleAt(Math.floor(place / wavRate), kernelAt(place % wavRate));
    }
    given += out.length;
    const drop = Math.max(0, Math.floor(given * step) - half - heldFrom);
    held = held.slice(drop);
    heldFrom += drop;
    return out;
  }

  return {
    push(samples) {
      taken += samples.length;
      return take(samples, Number.POSITIVE_INFINITY);
    },
    end: () => take(new Float32Array(half * 2), Math.round(taken / step)),
  };
}

/** A windowed sinc (Blackman) around a place between two samples, `half` samples to each side. */
function makeKernel({ half, cutoff, late }: { half: number; cutoff: number; late: number }): Float64Array {
  const kernel = new Float64Array(half * 2);
  let sum = 0;
  for (let index = 0; index < kernel.length; index += 1) {
    const x = index - half + 1 - late;
    const angle = (Math.PI * x) / half;
    const window = 0.42 + 0.5 * Math.cos(angle) + 0.08 * Math.cos(2 * angle);
    const sinc = x === 0 ? cutoff : Math.sin(Math.PI * cutoff * x) / (Math.PI * x);
    kernel[index] = sinc * window;
    sum += kernel[index] ?? 0;
  }
  return kernel.map((value) => value / sum);
}
