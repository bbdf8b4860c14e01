/** The real worker that reads a track, given a track whose frames are known. */
import { afterEach, expect, test, vi } from "vitest";
import { createTaps, type Tap } from "./tap.ts";

vi.setConfig({ testTimeout: 60_000 });

const usualRate = 48_000;
const frameSamples = 480;
const frames = 150;

type Browser = { MediaStreamTrackProcessor?: unknown };
const { MediaStreamTrackProcessor: Reader } = globalThis as Browser;
let tap: Tap | undefined;

afterEach(() => {
  tap?.close();
  (globalThis as Browser).MediaStreamTrackProcessor = Reader;
});

/** 10 ms; every sample says its place, in seconds. */
function frameOf(number: number, sampleRate: number): AudioData {
  const numberOfFrames = sampleRate / 100;
  const data = Float32Array.from({ length: numberOfFrames }, (_, index) => number / 100 + index / sampleRate);
  const format = { format: "f32-planar", sampleRate, numberOfFrames, numberOfChannels: 1 } as const;
  return new AudioData({ ...format, timestamp: number * 10_000, data });
}

type Heard = { samples: Float32Array; sampleRate: number; at: number };

type Track = { heard: Heard[]; count(): number; given(): number; change(rate: number): void; stop(): void };

/** Opens a tap whose track gives a frame every 10 ms, after so many at once. */
async function listen(atOnce: number): Promise<Track> {
  let give: (frame: AudioData) => void = () => undefined;
  const readable = new ReadableStream<AudioData>({
    start: (controller) => void (give = (frame) => controller.enqueue(frame)),
  });
  (globalThis as Browser).MediaStreamTrackProcessor = function makeReader() {
    return { readable };
  };
  const stream = { getAudioTracks: () => [{}] } as unknown as MediaStream;
  let given = 0;
  let rate = usualRate;
  const next = (): void => give(frameOf((given += 1) - 1, rate));
  const first = setInterval(next, 10);
  tap = await createTaps().open(stream, () => undefined);
  clearInterval(first);
  const { port1, port2 } = new MessageChannel();
  const heard: Heard[] = [];
  port1.addEventListener("message", ({ data }: MessageEvent<Heard>) => heard.push(data));
  port1.start();
  tap.attach(port2, 0);
  for (let left = atOnce; left > 0; left -= 1) next();
  const timer = setInterval(next, 10);
  const count = () => heard.reduce((sum, { samples }) => sum + samples.length, 0);
  const change = (next: number): void => void (rate = next);
  return { heard, count, given: () => given, change, stop: () => clearInterval(timer) };
}

test("a block holds the frames of a beat: all of them, in order, and not one message for each", async () => {
  const { heard, count, stop } = await listen(0);
  await vi.waitFor(() => expect(count()).toBeGreaterThan(frames * frameSamples), { timeout: 30_000 });
  stop();
  expect(isInOrder(heard, usualRate)).toBe(true);
  expect(heard.every(({ samples }) => samples.length === 4 * frameSamples)).toBe(true);
});

/** Are these the samples of one stretch, none left out? */
function isInOrder(heard: readonly Heard[], sampleRate: number): boolean {
  const samples = heard.flatMap((block) => [...block.samples]);
  const first = Math.round((samples[0] ?? 0) * sampleRate);
  return samples.every((sample, index) => Math.round(sample * sampleRate) === first + index);
}

test("the track's rate changes: blocks go on at the new one and say so, none has samples of both, the clock goes on", async () => {
  const { heard, change, stop } = await listen(0);
  const rates = [usualRate, 16_000, 44_100];
  const of = (rate: number) => heard.filter(({ sampleRate }) => sampleRate === rate);
  for (const rate of rates) {
    change(rate);
    await vi.waitFor(() => expect(of(rate).length).toBeGreaterThan(10), { timeout: 15_000 });
  }
  stop();
  for (const rate of rates) {
    expect(isInOrder(of(rate), rate)).toBe(true);
    expect(of(rate).every(({ samples }) => samples.length === rate / 25)).toBe(true);
  }
  expect(heard.every(({ samples, at }) => Math.abs(at - (samples[0] ?? 0) * 1000) < 0.1)).toBe(true);
});

test("held up, it catches up: what waits is read without a rest between the beats", async () => {
  const { count, given, stop } = await listen(400);
  const before = given();
  await vi.waitFor(() => expect(count()).toBeGreaterThan(380 * frameSamples), { interval: 10, timeout: 30_000 });
  stop();
  expect(given() - before).toBeLessThan(200); // with rests, 280 and more
});
