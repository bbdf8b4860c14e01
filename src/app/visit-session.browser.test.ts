/** A visit with the browser's own microphone (its test devices) and the real vault. Nobody is signed in, so nothing is sent. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { deleteDB } from "idb";
import { userEvent } from "vitest/browser";
import { systemClock } from "#model/clock.ts";
import { VisitId } from "#model/id.ts";
import type { Gap, RecordingView } from "#model/recording.ts";
import { visitCreate } from "#protocol/test-visit.ts";
import { createCapture } from "#visit/capture/capture.ts";
import { startVaultWorker } from "./start-vault-worker.ts";
import { createVaultClient } from "./vault-client.ts";
import { createVisitSession, type NewVisit, type VisitSession } from "./visit-session.ts";

let worker: Worker;
let session: VisitSession;
let visit: NewVisit;
let tracks: MediaStreamTrack[];

function newVisit(): NewVisit {
  const visitId = VisitId.parse(crypto.randomUUID());
  const names = { patientName: "Ada Quill", patientBirthDate: null, recordNumber: "QX-1047" };
  return { visitId, create: visitCreate, header: { visitId, ...names, startedAt: Date.now(), clinicianId: "dr-x" } };
}

/** Resolves when the view is as wanted. */
function until(wanted: (view: RecordingView) => boolean): Promise<RecordingView> {
  return new Promise((resolve) => {
    const check = (view: RecordingView): void => {
      if (!wanted(view)) return;
      stop();
      resolve(view);
    };
    const stop = session.store.subscribe(check);
    check(session.store.getState());
  });
}

/** Until this much more is on the disk. */
async function recordMore(ms: number): Promise<void> {
  const from = session.store.getState().durableMs;
  await until((view) => view.durableMs >= from + ms);
}

/** Without those of the test device, which leaves sound out when the machine is busy. */
async function gapsMade(): Promise<Gap[]> {
  const { gaps } = await session.ledger(visit.visitId);
  return gaps.filter(({ reason }) => reason !== "suspended");
}

beforeEach(async () => {
  await userEvent.click(document.body);
  tracks = [];
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  vi.spyOn(navigator.mediaDevices, "getUserMedia").mockImplementation(async (wanted) => {
    const stream = await ask(wanted);
    tracks.push(...stream.getTracks());
    return stream;
  });
  ({ worker } = startVaultWorker());
  const vault = createVaultClient(worker);
  session = createVisitSession({ capture: createCapture(systemClock, vi.fn()), vault, clock: systemClock });
  visit = newVisit();
});

afterEach(async () => {
  await session.discard(visit.visitId, "discarded");
  worker.terminate();
  vi.restoreAllMocks();
  await deleteDB("chartside-workstation");
});

test("paused and off the record: two labelled gaps of true length, and moments at their place", async () => {
  await session.start(visit);
  await recordMore(900);
  await session.mark();
  const pausedAt = performance.now();
  session.pause();
  await new Promise((resolve) => setTimeout(resolve, 1000)); // a pause of a second is what is measured
  session.offRecord();
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const stored = session.store.getState().durableMs;
  await session.resume();
  await recordMore(600);
  const atMostMs = performance.now() - pausedAt;
  await session.quickNote("left knee");
  await session.stop();
  const { moments, recordings, durableMs } = await session.ledger(visit.visitId);
  const gaps = await gapsMade();
  expect(recordings).toBe(2);
  expect(gaps.map(({ reason, atMs }) => [reason, atMs])).toEqual([
    ["paused", stored],
    ["off_record", stored],
  ]);
  expect(gaps[0]!.lengthMs).toBeGreaterThan(900);
  expect(gaps[0]!.lengthMs! + gaps[1]!.lengthMs!).toBeGreaterThan(2400);
  expect(gaps[0]!.lengthMs! + gaps[1]!.lengthMs!).toBeLessThan(atMostMs);
  expect(moments.map(({ text }) => text)).toEqual([null, "left knee"]);
  expect(moments[1]!.atMs).toBeGreaterThan(stored);
  expect(durableMs).toBeGreaterThan(1500);
});

test("another microphone in the middle: two recordings, and no gap in the journal", async () => {
  await session.start(visit);
  await recordMore(900);
  const { microphone, microphones } = session.store.getState();
  const other = microphones.find(({ deviceId }) => deviceId !== "default" && deviceId !== microphone?.deviceId);
  await session.switchMicrophone(other!.deviceId);
  expect(session.store.getState()).toMatchObject({ microphone: other, warning: "microphone_changed" });
  await recordMore(900);
  await session.stop();
  expect(await session.ledger(visit.visitId)).toMatchObject({ recordings: 2 });
  expect(await gapsMade()).toEqual([]);
  await session.openMicrophone();
  expect(session.store.getState().microphone).toEqual(other);
});

test("a microphone that is pulled out: another recording by itself, and one gap with its reason", async () => {
  await session.start(visit);
  await recordMore(900);
  const track = tracks.at(-1)!;
  const unpluggedAt = performance.now();
  track.stop();
  track.dispatchEvent(new Event("ended"));
  expect(session.store.getState()).toMatchObject({ phase: "recording", warning: "microphone_lost" });
  await until((view) => view.warning !== "microphone_lost");
  await recordMore(900);
  await session.stop();
  const atMostMs = performance.now() - unpluggedAt;
  const { recordings } = await session.ledger(visit.visitId);
  const gaps = await gapsMade();
  expect(recordings).toBe(2);
  expect(gaps.every(({ reason, lengthMs }) => reason === "microphone_lost" && lengthMs! < atMostMs)).toBe(true);
  expect(gaps.length).toBeLessThanOrEqual(1); // it may be shorter than what counts as one
});
