/** What a tap makes of the samples, on the audio thread or in a worker: amplitudes for the meter, blocks for the black box. */

/** Of about a tenth of a second; `atMs` is when it ended on the audio clock. */
export type Amplitude = { rms: number; peak: number; clipped: number; atMs: number };

const reportsPerSecond = 10;
const fullScale = 0.99;

export type Meter = {
  /** Undefined while the next report is not due. */
  hear(channels: readonly Float32Array[]): Amplitude | undefined;
};

export function createMeter(sampleRate: number): Meter {
  let [squares, peak, clipped, count, frames] = [0, 0, 0, 0, 0];
  return {
    hear(channels) {
      for (const samples of channels) {
        for (let index = 0; index < samples.length; index += 1) {
          const loudness = Math.abs(samples[index] ?? 0);
          squares += loudness * loudness;
          if (loudness > peak) peak = loudness;
          if (loudness >= fullScale) clipped += 1;
        }
        count += samples.length;
      }
      frames += channels[0]?.length ?? 0;
      if (count === 0 || count < (sampleRate / reportsPerSecond) * channels.length) return undefined;
      const amplitude = { rms: Math.sqrt(squares / count), peak, clipped: clipped / count };
      [squares, peak, clipped, count] = [0, 0, 0, 0];
      return { ...amplitude, atMs: (frames / sampleRate) * 1000 };
    },
  };
}

export type Blocks = {
  /** One channel: what several give is averaged. */
  take(channels: readonly Float32Array[]): void;
  /** These go on; nothing that was begun for another port is in them. */
  to(port: MessagePort | undefined, wallOffsetMs: number): void;
};

/** `at` is where a block begins on the audio clock, `wall` when it was complete: ms. */
export function createBlocks(sampleRate: number, lengthMs: number): Blocks {
  const length = Math.round((sampleRate * lengthMs) / 1000);
  let block = new Float32Array(length);
  let [filled, frames] = [0, 0];
  let port: MessagePort | undefined;
  let offsetMs = 0;
  const handOver = (): void => {
    const at = ((frames - length) / sampleRate) * 1000;
    port?.postMessage({ samples: block, at, wall: Date.now() + offsetMs }, [block.buffer]);
    block = new Float32Array(length);
    filled = 0;
  };
  return {
    take(channels) {
      const quantum = channels[0]?.length ?? 0;
      for (let index = 0; index < quantum; index += 1) {
        frames += 1;
        if (port === undefined) continue;
        let sum = 0;
        for (const samples of channels) sum += samples[index] ?? 0;
        block[filled] = sum / channels.length;
        filled += 1;
        if (filled === length) handOver();
      }
    },
    to(next, wallOffsetMs) {
      port?.close();
      [port, offsetMs, filled] = [next, wallOffsetMs, 0];
    },
  };
}
