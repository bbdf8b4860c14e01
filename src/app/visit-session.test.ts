import { beforeEach, expect, test, vi } from "vitest";
import { createStore } from "zustand/vanilla";
import { VisitId } from "#model/id.ts";
import { problem } from "#model/problem.ts";
import { idleRecording, type HeldVisit, type RecordingView } from "#model/recording.ts";
import type { VisitCreate, VisitView } from "#protocol/bff.ts";
import type { Capture, TakeFragment } from "#visit/capture/capture.ts";
import type { VaultNews } from "./vault-client.ts";
import type { VaultCall } from "./vault-port.ts";
import { createVisitSession, type NewVisit, type VisitSession } from "./visit-session.ts";

const visitId = VisitId.parse("3f0c6a52-9a1b-4c0e-8a53-1f4a3f6f2f10");
const otherId = VisitId.parse("aa0c6a52-9a1b-4c0e-8a53-1f4a3f6f2f11");
const visit: NewVisit = {
  visitId,
  create: { device: "Room 3 PC" } as VisitCreate,
  header: {
    visitId,
    patientName: "Ada Quill",
    patientBirthDate: null,
    recordNumber: "1047",
    startedAt: 1000,
    clinicianId: "dr-x",
  },
};

/** What happened, in order, at both neighbours. */
let story: string[];
let session: VisitSession;
let say: (news: VaultNews) => void;
let take: TakeFragment | undefined;
let isOpen: boolean;
let isRunning: boolean;
let refuse: Partial<Record<VaultCall, Error>>;
let held: Partial<HeldVisit>[];

beforeEach(() => {
  [story, take, isOpen, isRunning, refuse, held] = [[], undefined, false, false, {}, []];
  vi.stubGlobal("navigator", { storage: { persist: async () => true } });
  const capture: Capture = {
    store: createStore<RecordingView>(() => idleRecording),
    open: async () => {
      story.push("open microphone");
      isOpen = true;
    },
    isOpen: () => isOpen,
    close: () => {
      story.push("close microphone");
      isOpen = false;
    },
    test: () => Promise.reject(new Error("not in this test")),
    start: (taker) => {
      story.push("start recorder");
      [take, isRunning] = [taker, true];
    },
    pause: () => story.push("pause recorder"),
    resume: () => isRunning,
    stop: async () => {
      story.push("stop recorder");
      isRunning = false;
    },
  };
  session = createVisitSession({
    clock: { now: () => Date.parse("2026-11-21T12:00:00Z") },
    capture,
    vault: {
      call: async (call) => {
        story.push(call);
        const refusal = refuse[call];
        if (refusal) throw refusal;
        return ({ held, record: { recording: 0 } } as Partial<Record<VaultCall, unknown>>)[call] as never;
      },
      onNews: (listener) => {
        say = listener;
      },
    },
  });
});

const phase = (): string => session.store.getState().phase;

test("a visit from start to stop: nothing is recorded before its journal is open, nothing is closed before the last fragment", async () => {
  await session.start(visit);
  take?.({ bytes: new ArrayBuffer(8), capturedAt: 1, levels: [] });
  expect(story).toEqual(["open microphone", "open", "record", "start recorder", "append"]);
  expect(phase()).toBe("recording");
  story = [];
  await session.stop();
  expect(story).toEqual(["stop recorder", "close", "close microphone"]);
  expect(phase()).toBe("stopped");
});

test("the numbers on the screen are the vault's, for this visit only", async () => {
  await session.start(visit);
  const counts = { receivedMs: 0, receivedAt: null, chunksCut: 1, chunksReceived: 0, gaps: [], moments: [] };
  const tally = { durableMs: 900, durableAt: 5, ...counts };
  say({ kind: "tally", visitId: otherId, tally: { ...tally, durableMs: 1 } });
  expect(session.store.getState().durableMs).toBe(0);
  say({ kind: "tally", visitId, tally });
  say({ kind: "waiting", waiting: "network" });
  expect(session.store.getState()).toMatchObject({ durableMs: 900, chunksCut: 1, waiting: "network" });
});

test("a journal that cannot be opened: no recorder, the screen is idle, the caller is told", async () => {
  refuse.open = problem("storage_unavailable");
  await expect(session.start(visit)).rejects.toMatchObject({ problem: { code: "storage_unavailable" } });
  expect(story).not.toContain("start recorder");
  expect(session.store.getState()).toMatchObject({ phase: "idle", visitId: null });
});

test("a journal that cannot be closed yet: Stop can be pressed again", async () => {
  await session.start(visit);
  refuse.close = problem("storage_full");
  await expect(session.stop()).rejects.toMatchObject({ problem: { code: "storage_full" } });
  expect(session.store.getState()).toMatchObject({ phase: "paused", problem: { code: "storage_full" } });
  refuse = {};
  await session.stop();
  expect(phase()).toBe("stopped");
});

test("resume goes on with the recorder; after the microphone was lost it begins another recording of the same visit", async () => {
  await session.start(visit);
  session.pause();
  expect(phase()).toBe("paused");
  story = [];
  await session.resume();
  expect([story, phase()]).toEqual([[], "recording"]);
  [isRunning, isOpen] = [false, false];
  await session.resume();
  expect(story).toEqual(["open microphone", "endRecording", "record", "start recorder"]);
  expect(session.store.getState()).toMatchObject({ phase: "recording", visitId });
});

test("discarding the visit being recorded stops the recorder first", async () => {
  await session.start(visit);
  story = [];
  await session.discard(visitId, "withdrawn");
  expect(story).toEqual(["stop recorder", "discard", "close microphone"]);
  expect(session.store.getState()).toEqual(idleRecording);
});

test("discarding another visit leaves the recording alone", async () => {
  await session.start(visit);
  story = [];
  await session.discard(otherId, "discarded");
  expect(story).toEqual(["discard"]);
  expect(phase()).toBe("recording");
});

function viewOf(more: Partial<VisitView>): VisitView {
  return {
    id: visitId,
    signedAt: null,
    audioKeptUntil: null,
    received: { chunks: 2, durationMs: 30_000 },
    ...more,
  } as VisitView;
}

test("audio is erased when the clinic server's time for it has come, and not before", async () => {
  held = [{ visitId, finished: true, chunksReceived: 2, chunksCut: 2 }];
  const signedAt = "2026-11-21T11:00:00Z";
  await session.visitChanged(viewOf({ state: "draft_ready" }));
  await session.visitChanged(viewOf({ signedAt }));
  await session.visitChanged(viewOf({ signedAt, audioKeptUntil: "2026-11-21T12:00:00.001Z" }));
  const asked = ["held", "held", "signed", "held", "signed"];
  expect(story).toEqual(asked);
  await session.visitChanged(viewOf({ signedAt, audioKeptUntil: "2026-11-21T12:00:00Z" }));
  expect(story).toEqual([...asked, "held", "signed", "erase"]);
});

test("audio that the scribe does not hold is never erased, signed or not", async () => {
  const over = viewOf({ signedAt: "2026-11-21T11:00:00Z", audioKeptUntil: "2026-11-21T11:00:00Z" });
  for (const rest of [
    { finished: true, chunksReceived: 2, chunksCut: 3 },
    { finished: false, chunksReceived: 2, chunksCut: 2 },
    { finished: true, chunksReceived: 1, chunksCut: 1 },
  ]) {
    held = [{ visitId, ...rest }];
    await session.visitChanged(over);
  }
  expect(story).not.toContain("erase");
});

test("chunks that the clinic server has lost are sent again", async () => {
  held = [{ visitId, finished: true, chunksReceived: 3 }];
  await session.visitChanged(viewOf({}));
  expect(story).toEqual(["held", "sendAgain"]);
});

test("a problem of another visit stays off the screen of this one", async () => {
  await session.start(visit);
  say({ kind: "problem", visitId: otherId, problem: problem("chunk_conflict").problem });
  expect(session.store.getState().problem).toBeNull();
  say({ kind: "problem", visitId, problem: problem("storage_full").problem });
  expect(session.store.getState().problem?.code).toBe("storage_full");
});
