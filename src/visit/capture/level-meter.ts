/** A tap beside the recording: levels of the microphone, without a share in what is recorded. */
import workletUrl from "./level-worklet.ts?worker&url";

/** In dBFS, -120 for digital silence. `clipped` is the share of samples at full scale. */
export type Level = { rms: number; peak: number; clipped: number };

/** Digital silence: no microphone that works gives this. */
export const silence = -120;

export type LevelMeter = { close(): void };

/** Reports about 15 times a second from now on. Resolves when the meter hears; a browser without worklets rejects. */
export async function openLevelMeter(stream: MediaStream, onLevel: (level: Level) => void): Promise<LevelMeter> {
  const context = createSilentContext();
  await context.audioWorklet.addModule(workletUrl);
  const meter = new AudioWorkletNode(context, "meter");
  meter.port.addEventListener("message", ({ data }: MessageEvent<Level>) => {
    onLevel({ rms: toDecibels(data.rms), peak: toDecibels(data.peak), clipped: data.clipped });
  });
  meter.port.start();
  context.createMediaStreamSource(stream).connect(meter).connect(context.destination);
  void context.resume(); // may wait for a click where the browser wants one; the recording does not depend on it
  return {
    close: () => {
      meter.port.close();
      void context.close();
    },
  };
}

/** Without an output device, where the browser can: half the cost, and it works where no speaker is. */
function createSilentContext(): AudioContext {
  const options: AudioContextOptions & { sinkId: { type: "none" } } = { sinkId: { type: "none" } };
  return new AudioContext(options);
}

export function toDecibels(amplitude: number): number {
  return Math.max(silence, 20 * Math.log10(amplitude));
}
