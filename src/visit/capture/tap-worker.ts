/**
 * Reads a microphone's sound in a thread of its own: it changes nothing, and needs no page to go on. In: the track's frames of
 * about 10 ms. Out: a report about 10 times a second, and, while a black box is attached, the samples themselves.
 */
import { createBlocks, createMeter } from "./tap-sound.ts";
import type { TapOrder } from "./tap.ts";

/**
 * So many frames are read at once, and before the next nothing for a little less than they last: a read that waits wakes this thread
 * with its frame. A crash takes what waits, less than a recorder keeps back.
 */
const beatFrames = 4;
const restMs = 30;
const blockMs = 40;
/** Read sooner, all of them were there: more may be. */
const waitMs = 4;

const blocks = createBlocks(blockMs);
const meter = createMeter();

globalThis.addEventListener("message", ({ data }: MessageEvent<TapOrder>) => {
  if (data.order === "read") void read(data.sound);
  else if (data.order === "attach") blocks.to(data.port, data.wallOffsetMs);
});

/** Behind (the machine is busy, the thread was held up), it does not rest; and a beat is longer than a rest. So it catches up. */
async function read(sound: ReadableStream<AudioData>): Promise<void> {
  const reader = sound.getReader();
  for (;;) {
    const askedAt = performance.now();
    const beat = await Promise.all(Array.from({ length: beatFrames }, () => reader.read()));
    const hasWaited = performance.now() - askedAt > waitMs;
    for (const { value } of beat) if (value) hear(value);
    if (beat.some(({ done }) => done)) return;
    if (hasWaited) await new Promise((resolve) => setTimeout(resolve, restMs));
  }
}

/** The track's rate may change while it is read (a headset that begins to talk). */
function hear(frame: AudioData): void {
  const { sampleRate } = frame;
  const channels = channelsOf(frame);
  frame.close();
  blocks.take(channels, sampleRate);
  const amplitude = meter.hear(channels, sampleRate);
  if (amplitude) postMessage(amplitude);
}

/** Written over by the next frame; a second of sound has room in each. */
const planes: Float32Array[] = [];
const planeSamples = 192_000;

function channelsOf(frame: AudioData): Float32Array[] {
  return Array.from({ length: frame.numberOfChannels }, (_, planeIndex) => {
    const samples = (planes[planeIndex] ??= new Float32Array(planeSamples)).subarray(0, frame.numberOfFrames);
    frame.copyTo(samples, { planeIndex, format: "f32-planar" });
    return samples;
  });
}
