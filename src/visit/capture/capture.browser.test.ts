/**
 * The capture on real browser parts. In the first half the microphone is made, a tone whose loudness a test sets; in the second it
 * is the browser's own test devices.
 */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { userEvent } from "vitest/browser";
import { systemClock } from "#model/clock.ts";
import { problem } from "#model/problem.ts";
import type { RecordingView } from "#model/recording.ts";
import { createCapture, type Capture } from "./capture.ts";
import { makeNoise, placeIn } from "./heard.contract.ts";
import { createTestTake, type TestTake } from "./take.contract.ts";

let context: AudioContext;
let loudness: GainNode;
let capture: Capture;
let journal: TestTake;
let alarm: ReturnType<typeof vi.fn<() => void>>;
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

/** Lets the microphone be heard for about this long: the meter reports 10 times a second, and late reports come together. */
async function hearFor(seconds: number): Promise<void> {
  let reports = 0;
  await until(() => (reports += 1) > seconds * 15);
}

/** Waits until the journal has this many packets of that recording: how soon it gets them is the machine's business. */
async function packetsArrive(recording: number, count: number): Promise<void> {
  const arrived = () => expect(journal.recordings[recording]?.packets ?? 0).toBeGreaterThanOrEqual(count);
  await vi.waitFor(arrived, { timeout: 30_000 });
}

function isWithin(at: number, [from = Number.NaN, until = Number.NaN]: number[]): boolean {
  return from <= at && at <= until;
}

/** A microphone that gives a tone. */
function makeMicrophone(): MediaStream {
  const room = context.createMediaStreamDestination();
  const tone = new OscillatorNode(context, { frequency: 300 });
  tone.connect(loudness).connect(room);
  tone.start();
  return room.stream;
}

/** As the system does when a device is pulled out. */
function unplug(lost: MediaStreamTrack): void {
  lost.stop();
  lost.dispatchEvent(new Event("ended"));
}

beforeEach(async () => {
  await userEvent.click(document.body); // browsers keep sound off until the page is touched
  context = new AudioContext();
  await context.resume();
  loudness = new GainNode(context, { gain: 0.1 });
  journal = createTestTake();
  alarm = vi.fn();
  capture = createCapture(systemClock, alarm);
});

afterEach(async () => {
  journal.refusal = undefined;
  await capture.stop();
  capture.close();
  await context.close();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

async function openMade(): Promise<void> {
  vi.spyOn(navigator.mediaDevices, "getUserMedia").mockImplementation(async () => {
    const stream = makeMicrophone();
    track = stream.getAudioTracks()[0]!;
    return stream;
  });
  await capture.open({ preset: "in_room" });
}

async function recordMade(seconds: number): Promise<void> {
  await openMade();
  await capture.start(journal);
  await hearFor(seconds);
}

test("the level of an open microphone is measured: a tone of amplitude 0.1 is -23 dBFS, its peak -20", async () => {
  await openMade();
  const { level } = await until((view) => (view.level?.rms ?? -120) > -30);
  await hearFor(0.5);
  expect(level?.peak).toBeCloseTo(-20, 0);
  expect(capture.store.getState().level?.rms).toBeCloseTo(-23, 0);
});

test("fragments come in order, each with the levels since the one before, and the last before stop resolves", async () => {
  await recordMade(1.5);
  const levels = () => journal.recordings[0]!.fragments.flatMap((fragment) => fragment.levels);
  await vi.waitFor(() => expect(levels().length).toBeGreaterThan(10), { timeout: 30_000 });
  await capture.stop();
  const { fragments, mimeType, ended } = journal.recordings[0]!;
  expect({ mimeType, ended }).toEqual({ mimeType: "audio/webm;codecs=opus", ended: true });
  expect(fragments.length).toBeGreaterThanOrEqual(4);
  expect(fragments.map(({ capturedAt }) => capturedAt)).toEqual(
    fragments.map(({ capturedAt }) => capturedAt).toSorted((a, b) => a - b),
  );
  expect(new Uint8Array(fragments[0]!.bytes).slice(0, 4)).toEqual(Uint8Array.of(0x1a, 0x45, 0xdf, 0xa3));
  const count = fragments.length;
  await hearFor(0.5);
  expect(fragments.length).toBe(count);
});

test.each(["paused", "off_record"] as const)(
  "%s: nothing is stored from the call on, and the gap says why",
  async (hold) => {
    await recordMade(1);
    const heldFrom = [Date.now()];
    capture.hold(hold);
    heldFrom.push(Date.now());
    const handedOver = () => expect(journal.recordings[0]).toMatchObject({ ended: true });
    await vi.waitFor(handedOver, { timeout: 30_000 });
    const before = journal.storedBytes();
    await hearFor(1.5);
    expect(journal.storedBytes()).toBe(before);
    expect(journal.recordings).toHaveLength(1);
    const heldUntil = [Date.now()];
    await capture.resume();
    heldUntil.push(Date.now());
    await packetsArrive(1, 8);
    const [opened, closed] = journal.gaps;
    expect(opened).toMatchObject({ reason: hold, endedAt: null });
    expect(closed).toMatchObject({ reason: hold, startedAt: opened!.startedAt });
    expect(isWithin(opened!.startedAt, heldFrom)).toBe(true);
    expect(isWithin(closed!.endedAt!, heldUntil)).toBe(true);
  },
);

test("digital silence is an alarm, heard once, and taken back with the first sound", async () => {
  await recordMade(0.5);
  loudness.gain.value = 0;
  await until((view) => view.warning === "nothing_heard");
  await hearFor(1);
  expect(alarm).toHaveBeenCalledTimes(1);
  loudness.gain.value = 0.1;
  await until((view) => view.warning === null);
});

test("a microphone that goes away: what it gave is kept, another recording begins by itself, the gap is closed", async () => {
  await recordMade(1);
  await packetsArrive(0, 15);
  unplug(track);
  expect(capture.store.getState()).toMatchObject({ warning: "microphone_lost", level: null });
  await until(({ warning }) => warning !== "microphone_lost");
  await packetsArrive(1, 15);
  await capture.stop();
  const [first, second] = journal.recordings;
  expect([first!.ended, second!.ended]).toEqual([true, true]);
  const [opened, closed] = journal.gaps;
  expect([opened!.reason, opened!.endedAt, closed!.reason]).toEqual(["microphone_lost", null, "microphone_lost"]);
  expect(closed!.startedAt).toBe(opened!.startedAt);
  expect(closed!.endedAt).toBeGreaterThanOrEqual(opened!.startedAt);
  expect(alarm).toHaveBeenCalledTimes(1);
});

test("without any microphone it goes on looking, and records as soon as one is plugged in", async () => {
  await recordMade(0.5);
  const ask = vi.mocked(navigator.mediaDevices.getUserMedia);
  const plugged = ask.getMockImplementation()!;
  ask.mockRejectedValue(new DOMException("none", "NotFoundError"));
  unplug(track);
  await until((view) => view.problem?.code === "microphone_missing");
  expect(capture.store.getState().warning).toBe("microphone_lost");
  ask.mockImplementation(plugged);
  navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
  await until((view) => view.warning !== "microphone_lost" && view.problem === null);
  await hearFor(0.5);
  expect(journal.recordings).toHaveLength(2);
  expect(alarm).toHaveBeenCalledTimes(1);
});

test("a permission that is taken back is told by name, and Resume asks again at once", async () => {
  await recordMade(0.5);
  const ask = vi.mocked(navigator.mediaDevices.getUserMedia);
  const allowed = ask.getMockImplementation()!;
  ask.mockRejectedValue(new DOMException("no", "NotAllowedError"));
  unplug(track);
  await until((view) => view.problem?.code === "microphone_denied");
  await expect(capture.resume()).rejects.toMatchObject({ problem: { code: "microphone_denied" } });
  ask.mockImplementation(allowed);
  await capture.resume();
  expect(capture.store.getState()).toMatchObject({ warning: "microphone_changed", problem: null });
  await packetsArrive(1, 4);
});

test("muted by the system for more than a second: said, marked, and closed when it is heard again", async () => {
  await recordMade(0.5);
  const muted = [Date.now()];
  track.dispatchEvent(new Event("mute"));
  muted.push(Date.now());
  await until((view) => view.warning === "microphone_muted");
  expect(isWithin(journal.gaps[0]!.startedAt, muted)).toBe(true);
  track.dispatchEvent(new Event("unmute"));
  expect(capture.store.getState().warning).toBeNull();
  expect(journal.gaps.map(({ reason }) => reason)).toEqual(["microphone_muted", "microphone_muted"]);
  track.dispatchEvent(new Event("mute"));
  track.dispatchEvent(new Event("unmute"));
  await hearFor(1.5);
  expect(journal.gaps).toHaveLength(2);
});

test("a recorder that goes silent without a word is replaced on the same microphone, and what it held is kept", async () => {
  const given: number[] = [];
  class Stuck extends MediaRecorder {
    override requestData(): void {} // it gives nothing any more, until it is stopped
    override start(): void {
      this.addEventListener("dataavailable", ({ data }) => given.push(data.size));
      super.start();
    }
  }
  vi.stubGlobal("MediaRecorder", Stuck);
  await openMade();
  await capture.start(journal);
  vi.unstubAllGlobals();
  await until((view) => view.warning === "microphone_lost");
  await until((view) => view.warning === null);
  await packetsArrive(1, 4);
  expect(journal.recordings[0]!.fragments.map(({ bytes }) => bytes.byteLength)).toEqual(given);
  expect(journal.recordings[0]!.packets).toBeGreaterThan(10); // of the two seconds in which nothing came
  expect(journal.gaps).toEqual([]);
});

test("a journal that refuses is not a silent microphone, and gets everything once it takes it", async () => {
  await openMade();
  await capture.start(journal);
  await hearFor(0.5);
  journal.refusal = problem("storage_full");
  await hearFor(3);
  expect(capture.store.getState().warning).toBeNull();
  journal.refusal = undefined;
  await hearFor(0.5);
  await capture.stop();
  expect(journal.recordings).toHaveLength(1);
});

test("a recording whose place the journal refuses waits in memory, and loses nothing", async () => {
  await recordMade(0.5);
  journal.refusal = problem("storage_full");
  capture.hold("paused");
  await capture.resume();
  await until((view) => view.problem?.code === "storage_full");
  await hearFor(1.5);
  journal.refusal = undefined;
  await until((view) => view.problem === null);
  await capture.stop();
  expect(journal.recordings[1]!.packets * 60).toBeGreaterThanOrEqual(1400);
});

test("a refusal and a missing microphone have names", async () => {
  const ask = vi.spyOn(navigator.mediaDevices, "getUserMedia");
  ask.mockRejectedValueOnce(new DOMException("no", "NotAllowedError"));
  await expect(capture.open({ preset: "in_room" })).rejects.toMatchObject({ problem: { code: "microphone_denied" } });
  ask.mockRejectedValueOnce(new DOMException("none", "NotFoundError"));
  await expect(capture.open({ preset: "in_room" })).rejects.toMatchObject({ problem: { code: "microphone_missing" } });
});

test("the microphone test measures, and plays from memory", async () => {
  await openMade();
  await hearFor(0.2);
  const result = await capture.test(800);
  expect(result.rms).toBeCloseTo(-23, 0);
  await result.play();
});

test("the presets ask the browser for different ears, and what it really gives goes into the journal", async () => {
  await capture.open({ preset: "video_call" });
  await capture.start(journal);
  await hearFor(0.3);
  await capture.stop();
  expect(journal.recordings[0]!.settings).toMatchObject({ echoCancellation: true, noiseSuppression: false });
  await capture.open({ preset: "in_room" });
  await capture.start(journal);
  await hearFor(0.3);
  const { settings } = journal.recordings[1]!;
  expect(settings).toMatchObject({ echoCancellation: false });
  expect(Object.keys(settings)).not.toContain("deviceId");
});

/** The browser's test devices, the default one left out. */
async function testDevices(): Promise<string[]> {
  await capture.open({ preset: "in_room" });
  const { microphones } = capture.store.getState();
  return microphones.map(({ deviceId }) => deviceId).filter((deviceId) => deviceId !== "default");
}

test("another microphone while recording: the new one first, then the old one ends", async () => {
  const [one, two] = await testDevices();
  await capture.open({ deviceId: one, preset: "in_room" });
  await capture.start(journal);
  await hearFor(1);
  await capture.change(two!);
  expect(capture.store.getState()).toMatchObject({ microphone: { deviceId: two }, warning: "microphone_changed" });
  await hearFor(1);
  await capture.stop();
  expect(journal.recordings.map(({ ended }) => ended)).toEqual([true, true]);
  expect(journal.order.indexOf("end 0")).toBeGreaterThan(journal.order.indexOf("fragment 1"));
  expect(journal.gaps).toEqual([]);
  expect(alarm).not.toHaveBeenCalled();
});

/** Every microphone that is opened hears the same noise from now on. */
function playNoise(seconds: number): AudioBuffer {
  const noise = makeNoise(context, seconds);
  const source = new AudioBufferSourceNode(context, { buffer: noise });
  source.start();
  vi.spyOn(navigator.mediaDevices, "getUserMedia").mockImplementation(async () => {
    const room = context.createMediaStreamDestination();
    source.connect(room);
    return room.stream;
  });
  return noise;
}

test("the change itself, in sound: two microphones hear the same noise, and every millisecond of it is in one of the recordings", async () => {
  const noise = playNoise(60);
  await capture.open({ preset: "in_room" });
  await capture.start(journal);
  await packetsArrive(0, 10);
  await capture.change("the other one");
  await packetsArrive(1, 10);
  await capture.stop();
  const [first, second] = await Promise.all(journal.recordings.map((recording) => placeIn(noise, recording.fragments)));
  // How long both hear depends on how soon the old one lets go; that there is no hole between them does not.
  expect(first!.endMs).toBeGreaterThan(second!.startMs);
  expect(second!.endMs).toBeGreaterThan(first!.endMs);
});

test("a microphone that cannot be had leaves the one in use alone", async () => {
  await capture.open({ preset: "in_room" });
  await capture.start(journal);
  await expect(capture.change("no such device")).rejects.toMatchObject({ problem: { code: "microphone_missing" } });
  await packetsArrive(0, 4);
  expect(journal.recordings).toHaveLength(1);
});

test("a remembered microphone that is absent: the default one instead, and the screen says so", async () => {
  await capture.open({ deviceId: "was here yesterday", preset: "in_room" });
  expect(capture.isOpen()).toBe(true);
  expect(capture.store.getState()).toMatchObject({
    warning: "microphone_changed",
    microphone: { deviceId: "default" },
  });
});

test("a page that is blocked for three seconds and then stops at once: one recording, and all of the sound", async () => {
  playNoise(20);
  await capture.open({ preset: "in_room" });
  await capture.start(journal);
  await hearFor(0.5);
  const blockedAt = performance.now();
  while (performance.now() - blockedAt < 3000); // nothing else gets a turn
  await capture.stop(); // the first thing that happens, as when Stop was pressed meanwhile
  expect(journal.recordings).toHaveLength(1);
  // More than the time in which nothing else got a turn; that no millisecond is missing is the recording proof's to say.
  expect(journal.recordings[0]!.packets * 60).toBeGreaterThan(3000);
  expect(alarm).not.toHaveBeenCalled();
});

test.each([
  { reader: "a worker", blockMs: 40 },
  { reader: "the audio thread", blockMs: 20 },
])("the black box gets blocks of one channel, and none while off the record: $reader", async ({ reader, blockMs }) => {
  if (reader === "the audio thread") {
    capture.close();
    vi.stubGlobal("MediaStreamTrackProcessor", undefined);
    capture = createCapture(systemClock, alarm);
  }
  const beganAt = Date.now();
  await recordMade(0.5);
  await vi.waitFor(() => expect(journal.blackBoxes).toHaveLength(1), { timeout: 30_000 });
  const port = journal.blackBoxes[0]!;
  const blocks: { samples: Float32Array; sampleRate: number; at: number; wall: number }[] = [];
  port.addEventListener("message", ({ data }) => blocks.push(data));
  port.start();
  await vi.waitFor(() => expect(blocks.length).toBeGreaterThan(20), { timeout: 30_000 });
  expect(blocks.every(({ samples, sampleRate }) => samples.length * 1000 === sampleRate * blockMs)).toBe(true);
  const steps = blocks.slice(1).map(({ at }, index) => Math.round(at - blocks[index]!.at));
  expect(new Set(steps)).toEqual(new Set([blockMs]));
  expect(Math.max(...blocks.map(({ samples }) => Math.max(...samples)))).toBeCloseTo(0.1, 1);
  expect(isWithin(blocks[0]!.wall, [beganAt, Date.now()])).toBe(true);
  capture.hold("off_record");
  let count = -1;
  const noneComes = () => {
    const before = count;
    count = blocks.length;
    expect(count).toBe(before);
  };
  await vi.waitFor(noneComes, { interval: 500, timeout: 30_000 }); // what was under way comes first
});
