/** What a tap makes of the samples, on the audio thread or in a worker: amplitudes for the meter, blocks for the black box. */

/** Of about a tenth of a second; `atMs` is when it ended on the audio clock. */
export type Amplitude = { rms: number; peak: number; clipped: number; atMs: number };

const reportsPerSecond = 10;
const fullScale = 0.99;

export type Meter = {
  /** Undefined while the next report is not due. */
  hear(channels: readonly Float32Array[], sampleRate: number): Amplitude | undefined;
};

export function createMeter(): Meter {
  let [squares, peak, clipped, count, atMs] = [0, 0, 0, 0, 0];
  return {
    hear(channels, sampleRate) {
      for (const samples of channels) {
        for (let index = 0; index < samples.length; index += 1) {
          const loudness = Math.abs(samples[index] ?? 0);
          squares += loudness * loudness;
          if (loudness > peak) peak = loudness;
          if (loudness >= fullScale) clipped += 1;
        }
        count += samples.length;
      }
      atMs += ((channels[0]?.length ?? 0) * 1000) / sampleRate;
      if (count === 0 || count < (sampleRate / reportsPerSecond) * channels.length) return undefined;
      const amplitude = { rms: Math.sqrt(squares / count), peak, clipped: clipped / count, atMs };
      [squares, peak, clipped, count] = [0, 0, 0, 0];
      return amplitude;
    },
  };
}

export type Blocks = {
  /** One channel: what several give is averaged. At another rate a block begins anew. */
  take(channels: readonly Float32Array[], sampleRate: number): void;
  /** These go on; nothing that was begun for another port is in them. */
  to(port: MessagePort | undefined, wallOffsetMs: number): void;
};

/** `at` is where a block begins on the audio clock, `wall` when it was complete: ms. */
export function createBlocks(lengthMs: number): Blocks {
  let block = new Float32Array();
  let [filled, heardMs, offsetMs] = [0, 0, 0];
  let port: MessagePort | undefined;
  return {
    take(channels, sampleRate) {
      const length = Math.round((sampleRate * lengthMs) / 1000);
      if (block.length !== length) filled = 0;
      const quantum = channels[0]?.length ?? 0;
      for (let index = 0; index < quantum; index += 1) {
        if (port === undefined) break;
        if (filled === 0) block = new Float32Array(length);
        let sum = 0;
        for (const samples of channels) sum += samples[index] ?? 0;
        block[filled] = sum / channels.length;
        filled += 1;
        if (filled < length) continue;
        const at = heardMs + ((index + 1 - length) * 1000) / sampleRate;
        port.postMessage({ samples: block, sampleRate, at, wall: Date.now() + offsetMs }, [block.buffer]);
        filled = 0;
      }
      heardMs += (quantum * 1000) / sampleRate;
    },
    to(next, wallOffsetMs) {
      port?.close();
      [port, offsetMs, filled] = [next, wallOffsetMs, 0];
    },
  };
}
