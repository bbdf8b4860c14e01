/**
 * Reads a microphone's sound in a thread of its own: it changes nothing, and needs no page to go on. In: the track's frames of
 * about 10 ms. Out: a report about 15 times a second, and, while a black box is attached, the samples themselves.
 */
import { createBlocks, createMeter, type Blocks, type Meter } from "./tap-sound.ts";
import type { TapOrder, TapReport } from "./tap.ts";

/** Half the messages of 20 ms. A crash takes what is in here: still a fraction of what a recorder keeps back. */
const blockMs = 40;

/** Blocks are attached after the first report. */
let blocks: Blocks | undefined;

globalThis.addEventListener("message", ({ data }: MessageEvent<TapOrder>) => {
  if (data.order === "read") void read(data.sound);
  else if (data.order === "attach") blocks?.to(data.port, data.wallOffsetMs);
  else blocks?.to(undefined, 0);
});

/** A black box was told of one rate; should the track's change, it gets nothing more. */
async function read(sound: ReadableStream<AudioData>): Promise<void> {
  const reader = sound.getReader();
  let rate: number | undefined;
  let meter: Meter | undefined;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const frame = next.value;
    const { sampleRate } = frame;
    if (rate !== sampleRate) {
      blocks?.to(undefined, 0);
      [rate, blocks, meter] = [sampleRate, createBlocks(sampleRate, blockMs), createMeter(sampleRate)];
    }
    const channels = channelsOf(frame);
    frame.close();
    blocks?.take(channels);
    const amplitude = meter?.hear(channels);
    if (amplitude) postMessage({ ...amplitude, sampleRate } satisfies TapReport);
  }
}

function channelsOf(frame: AudioData): Float32Array[] {
  return Array.from({ length: frame.numberOfChannels }, (_, planeIndex) => {
    const samples = new Float32Array(frame.numberOfFrames);
    frame.copyTo(samples, { planeIndex, format: "f32-planar" });
    return samples;
  });
}
