import { samplesPerMs } from "#local-scribe/decode/pcm.ts";

/** A piece of the session for engines that take files. */
export type Stretch = { startMs: number; samples: Int16Array };

const shortestMs = 20_000;
const longestMs = 30_000;
const pauseSamples = 300 * samplesPerMs;
const stepSamples = 20 * samplesPerMs;

/** Cuts a stream into stretches of 20 to 30 s, each in the middle of the quietest 300 ms there. */
export type StretchCutter = {
  push(samples: Int16Array): Stretch[];
  end(): Stretch[];
};

export function createStretchCutter(): StretchCutter {
  let held = new Int16Array(0);
  let startMs = 0;

  function cut(length: number): Stretch {
    const stretch = { startMs, samples: held.slice(0, length) };
    held = held.slice(length);
    startMs += length / samplesPerMs;
    return stretch;
  }

  return {
    push(samples) {
      const joined = new Int16Array(held.length + samples.length);
      joined.set(held);
      joined.set(samples, held.length);
      held = joined;
      const ready: Stretch[] = [];
      while (held.length >= longestMs * samplesPerMs) ready.push(cut(quietestPlace(held)));
      return ready.filter(hasSound);
    },
    end: () => (held.length === 0 ? [] : [cut(held.length)].filter(hasSound)),
  };
}

/** The gate leaves zeros where nobody speaks; they are not worth asking about. */
function hasSound(stretch: Stretch): boolean {
  return stretch.samples.some((sample) => sample !== 0);
}

function quietestPlace(samples: Int16Array): number {
  let best = { at: longestMs * samplesPerMs, power: Infinity };
  for (let at = shortestMs * samplesPerMs; at + pauseSamples <= longestMs * samplesPerMs; at += stepSamples) {
    const power = samples.subarray(at, at + pauseSamples).reduce((sum, sample) => sum + sample * sample, 0);
    if (power < best.power) best = { at: at + pauseSamples / 2, power };
  }
  return best.at;
}
