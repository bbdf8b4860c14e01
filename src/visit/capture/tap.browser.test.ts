/** The real worker that reads a track, given a track whose frames are known. */
import { afterEach, expect, test, vi } from "vitest";
import { createTaps, type Tap } from "./tap.ts";

vi.setConfig({ testTimeout: 60_000 });

const sampleRate = 48_000;
const frameSamples = 480;
const frames = 150;

type Browser = { MediaStreamTrackProcessor?: unknown };
const { MediaStreamTrackProcessor: Reader } = globalThis as Browser;
let tap: Tap | undefined;

afterEach(() => {
  tap?.close();
  (globalThis as Browser).MediaStreamTrackProcessor = Reader;
});

/** Every sample says its place. */
function frameOf(number: number): AudioData {
  const data = Float32Array.from({ length: frameSamples }, (_, index) => (number * frameSamples + index) / sampleRate);
  const format = { format: "f32-planar", sampleRate, numberOfFrames: frameSamples, numberOfChannels: 1 } as const;
  return new AudioData({ ...format, timestamp: number * 10_000, data });
}

/** Opens a tap whose track gives a frame every 10 ms, after so many at once. */
async function listen(
  atOnce: number,
): Promise<{ heard: Float32Array[]; count(): number; given(): number; stop(): void }> {
  let give: (frame: AudioData) => void = () => undefined;
  const readable = new ReadableStream<AudioData>({
    start: (controller) => void (give = (frame) => controller.enqueue(frame)),
  });
  (globalThis as Browser).MediaStreamTrackProcessor = function makeReader() {
    return { readable };
  };
  const stream = { getAudioTracks: () => [{}] } as unknown as MediaStream;
  let given = 0;
  const next = (): void => give(frameOf((given += 1) - 1));
  const first = setInterval(next, 10);
  tap = await createTaps().open(stream, () => undefined);
  clearInterval(first);
  expect(tap.sampleRate).toBe(sampleRate);
  const { port1, port2 } = new MessageChannel();
  const heard: Float32Array[] = [];
  port1.addEventListener("message", ({ data }: MessageEvent<{ samples: Float32Array }>) => heard.push(data.samples));
  port1.start();
  tap.attach(port2, 0);
  for (let left = atOnce; left > 0; left -= 1) next();
  const timer = setInterval(next, 10);
  const count = () => heard.reduce((sum, { length }) => sum + length, 0);
  return { heard, count, given: () => given, stop: () => clearInterval(timer) };
}

test("a block holds the frames of a beat: all of them, in order, and not one message for each", async () => {
  const { heard, count, stop } = await listen(0);
  await vi.waitFor(() => expect(count()).toBeGreaterThan(frames * frameSamples), { timeout: 30_000 });
  stop();
  const samples = heard.flatMap((block) => [...block]);
  const first = Math.round((samples[0] ?? 0) * sampleRate);
  expect(samples.every((sample, index) => Math.round(sample * sampleRate) === first + index)).toBe(true);
  expect(heard.every(({ length }) => length === 4 * frameSamples)).toBe(true);
});

test("held up, it catches up: what waits is read without a rest between the beats", async () => {
  const { count, given, stop } = await listen(400);
  const before = given();
  await vi.waitFor(() => expect(count()).toBeGreaterThan(380 * frameSamples), { interval: 10, timeout: 30_000 });
  stop();
  expect(given() - before).toBeLessThan(200); // with rests, 280 and more
});
