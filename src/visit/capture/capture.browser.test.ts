/** The capture on real browser parts; only the microphone is made: a tone whose loudness a test sets. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { userEvent } from "vitest/browser";
import { systemClock } from "#model/clock.ts";
import type { RecordingView } from "#model/recording.ts";
import { createCapture, type Capture, type Fragment } from "./capture.ts";

let context: AudioContext;
let loudness: GainNode;
let capture: Capture;
let fragments: Fragment[];
let track: MediaStreamTrack;

/** Resolves when the view is as wanted. */
function until(wanted: (view: RecordingView) => boolean): Promise<RecordingView> {
  return new Promise((resolve) => {
    const check = (view: RecordingView): void => {
      if (!wanted(view)) return;
      stop();
      resolve(view);
    };
    const stop = capture.store.subscribe(check);
    check(capture.store.getState());
  });
}

/** Lets the microphone be heard for about this long: the meter reports 15 times a second. */
async function hearFor(seconds: number): Promise<void> {
  let reports = 0;
  await until(() => (reports += 1) > seconds * 15);
}

const storedBytes = (): number => fragments.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);

beforeEach(async () => {
  await userEvent.click(document.body); // browsers keep sound off until the page is touched
  context = new AudioContext();
  await context.resume();
  loudness = new GainNode(context, { gain: 0.1 });
  const room = context.createMediaStreamDestination();
  const tone = new OscillatorNode(context, { frequency: 300 });
  tone.connect(loudness).connect(room);
  tone.start();
  const [made] = room.stream.getAudioTracks();
  track = made!;
  vi.spyOn(navigator.mediaDevices, "getUserMedia").mockResolvedValue(room.stream);
  fragments = [];
  capture = createCapture(systemClock);
});

afterEach(async () => {
  await capture.stop();
  capture.close();
  await context.close();
  vi.restoreAllMocks();
});

const record = (): void => capture.start((fragment) => fragments.push(fragment));

test("the level of an open microphone is measured: a tone of amplitude 0.1 is -23 dBFS, its peak -20", async () => {
  await capture.open();
  const { level } = await until((view) => (view.level?.rms ?? -120) > -30);
  await hearFor(0.5);
  expect(level?.peak).toBeCloseTo(-20, 0);
  expect(capture.store.getState().level?.rms).toBeCloseTo(-23, 0);
});

test("fragments come in order, each with the levels since the one before, and the last before stop resolves", async () => {
  await capture.open();
  record();
  await hearFor(1.5);
  await capture.stop();
  expect(fragments.length).toBeGreaterThanOrEqual(4);
  expect(fragments.map(({ capturedAt }) => capturedAt)).toEqual(
    fragments.map(({ capturedAt }) => capturedAt).toSorted((a, b) => a - b),
  );
  expect(new Uint8Array(fragments[0]!.bytes).slice(0, 4)).toEqual(Uint8Array.of(0x1a, 0x45, 0xdf, 0xa3));
  expect(fragments.flatMap(({ levels }) => levels).length).toBeGreaterThan(10);
  const count = fragments.length;
  await hearFor(0.5);
  expect(fragments.length).toBe(count);
});

test("a pause stores nothing", async () => {
  await capture.open();
  record();
  await hearFor(1);
  capture.pause();
  await hearFor(0.5); // what was said before the pause is handed over
  const before = storedBytes();
  await hearFor(1.5);
  expect(storedBytes()).toBe(before);
  expect(capture.resume()).toBe(true);
  await hearFor(1);
  expect(storedBytes()).toBeGreaterThan(before);
});

test("a microphone that gives digital silence is told within three seconds", async () => {
  await capture.open();
  record();
  await hearFor(0.5);
  loudness.gain.value = 0;
  const startedAt = performance.now();
  await until((view) => view.warning === "nothing_heard");
  expect(performance.now() - startedAt).toBeLessThan(3500);
  loudness.gain.value = 0.1;
  await until((view) => view.warning === null);
});

test("a microphone that goes away: what it gave is kept, the screen says so, resuming needs a new one", async () => {
  await capture.open();
  record();
  await hearFor(1);
  const before = storedBytes();
  track.stop();
  track.dispatchEvent(new Event("ended"));
  const view = await until(({ warning }) => warning === "microphone_lost");
  expect(view).toMatchObject({ phase: "paused", level: null });
  await capture.stop();
  expect(storedBytes()).toBeGreaterThanOrEqual(before);
  expect(capture.resume()).toBe(false);
  expect(capture.isOpen()).toBe(false);
});

test("a refusal and a missing microphone have names", async () => {
  const ask = vi.mocked(navigator.mediaDevices.getUserMedia);
  ask.mockRejectedValueOnce(new DOMException("no", "NotAllowedError"));
  await expect(capture.open()).rejects.toMatchObject({ problem: { code: "microphone_denied" } });
  ask.mockRejectedValueOnce(new DOMException("none", "NotFoundError"));
  await expect(capture.open()).rejects.toMatchObject({ problem: { code: "microphone_missing" } });
});

test("the microphone test measures, and plays from memory", async () => {
  await capture.open();
  await hearFor(0.2);
  const result = await capture.test(800);
  expect(result.rms).toBeCloseTo(-23, 0);
  await result.play();
});
