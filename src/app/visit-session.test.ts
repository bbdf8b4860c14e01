import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createStore } from "zustand/vanilla";
import { VisitId } from "#model/id.ts";
import { problem } from "#model/problem.ts";
import { idleRecording, type HeldVisit, type Moment, type RecordingView } from "#model/recording.ts";
import type { VisitCreate, VisitView } from "#protocol/bff.ts";
import type { Capture, Take } from "#visit/capture/capture.ts";
import type { VaultNews } from "./vault-client.ts";
import type { VaultCall } from "./vault-port.ts";
import { createVisitSession, type NewVisit, type VisitSession } from "./visit-session.ts";
import { readWorkstation, rememberWorkstation } from "./workstation.ts";

vi.mock("./workstation.ts", () => ({ readWorkstation: vi.fn(), rememberWorkstation: vi.fn(async () => undefined) }));

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

const now = Date.parse("2026-11-21T12:00:00Z");

/** What happened, in order, at both neighbours. */
let story: string[];
let session: VisitSession;
let say: (news: VaultNews) => void;
let take: Take | undefined;
let isOpen: boolean;
let refuse: Partial<Record<VaultCall | "stop" | "resume", Error>>;
let held: Partial<HeldVisit>[];
let asked: Partial<Record<VaultCall, unknown>>;
let isAbsent: boolean;

function createTestCapture(): Capture {
  const store = createStore<RecordingView>(() => idleRecording);
  const tell = async (what: string, refusal?: Error): Promise<void> => {
    story.push(what);
    if (refusal) throw refusal;
  };
  return {
    store,
    open: async ({ deviceId, preset }) => {
      story.push(`open microphone ${deviceId} ${preset}`);
      isOpen = true;
      store.setState({ microphone: { deviceId: isAbsent ? "default" : (deviceId ?? "default"), label: "" } });
    },
    change: (deviceId) => tell(`change to ${deviceId}`),
    isOpen: () => isOpen,
    close: () => {
      story.push("close microphone");
      isOpen = false;
    },
    test: () => Promise.reject(new Error("not in this test")),
    start: async (taker) => {
      await tell("start recorder");
      take = taker;
      await taker.begin({ mimeType: "audio/webm;codecs=opus", settings: { sampleRate: 48_000 } });
    },
    hold: (hold) => story.push(hold),
    resume: () => tell("resume", refuse.resume),
    tapAgain: vi.fn(),
    stop: () => tell("stop recorder", refuse.stop),
    drop: () => tell("drop recorder"),
  };
}

beforeEach(() => {
  [story, take, isOpen, refuse, held, asked, isAbsent] = [[], undefined, false, {}, [], {}, false];
  vi.stubGlobal("navigator", { storage: { persist: async () => true }, userAgent: "" });
  vi.stubGlobal("MediaRecorder", { isTypeSupported: () => true });
  vi.mocked(readWorkstation).mockResolvedValue({
    name: "Room 3 PC",
    deviceId: "jabra",
    preset: "in_room",
    deviceLabel: null,
    hasShortcuts: true,
    textSize: "normal",
  });
  vi.mocked(rememberWorkstation).mockClear();
  session = createVisitSession({
    capture: createTestCapture(),
    clock: { now: () => now },
    vault: {
      call: async (call, argument) => {
        story.push(call);
        asked[call] = argument;
        const refusal = refuse[call];
        if (refusal) throw refusal;
        const answers: Partial<Record<VaultCall, unknown>> = { held, record: { recording: 7 }, append: { packets: 4 } };
        return answers[call] as never;
      },
      wrapWith: () => undefined,
      onNews: (listener) => {
        say = listener;
      },
    },
  });
});

afterEach(() => vi.unstubAllGlobals());

const phase = (): string => session.store.getState().phase;

test("a visit from start to stop: its journal is open before anything is recorded, and closed after the last fragment", async () => {
  await session.start(visit);
  expect(story).toEqual(["open microphone jabra in_room", "open", "start recorder", "record"]);
  expect(asked.record).toMatchObject({ settings: { sampleRate: 48_000 } });
  expect(asked.open).toMatchObject({ header: { mimeType: "audio/webm;codecs=opus" } });
  const fragment = { bytes: new ArrayBuffer(8), capturedAt: 1, levels: [] };
  expect(await take?.fragment(7, fragment)).toEqual({ packets: 4 });
  expect(asked.append).toEqual({ ...fragment, visitId, recording: 7 });
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

test("gaps and marks that have not changed are the same lists: the screen does not draw them again four times a second", async () => {
  await session.start(visit);
  const counts = { receivedMs: 0, receivedAt: null, chunksCut: 1, chunksReceived: 0 };
  const gap = { reason: "paused" as const, atMs: 100, startedAt: 3, lengthMs: 60 };
  const tell = (durableMs: number, moments: Moment[]) => {
    const tally = { ...counts, durableMs, durableAt: 5, gaps: [{ ...gap }], moments };
    say({ kind: "tally", visitId, tally });
    return session.store.getState();
  };
  const first = tell(900, []);
  const second = tell(1200, []);
  expect(second.durableMs).toBe(1200);
  expect(second.gaps).toBe(first.gaps);
  expect(second.moments).toBe(first.moments);
  const third = tell(1500, [{ atMs: 1500, at: 6, text: null }]);
  expect(third.gaps).toBe(first.gaps);
  expect(third.moments).toEqual([{ atMs: 1500, at: 6, text: null }]);
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

test("what the recorder has not handed over yet keeps Stop from closing the visit", async () => {
  await session.start(visit);
  refuse.stop = problem("storage_full");
  await expect(session.stop()).rejects.toMatchObject({ problem: { code: "storage_full" } });
  expect(story).not.toContain("close");
  expect(phase()).toBe("paused");
});

test("pause and off the record both store nothing, and the screen can tell them apart", async () => {
  await session.start(visit);
  session.pause();
  expect([story.at(-1), phase(), session.store.getState().isOffRecord]).toEqual(["paused", "paused", false]);
  session.offRecord();
  expect([story.at(-1), phase(), session.store.getState().isOffRecord]).toEqual(["off_record", "paused", true]);
  await session.resume();
  expect([story.at(-1), phase(), session.store.getState().isOffRecord]).toEqual(["resume", "recording", false]);
});

test("a microphone that cannot be had at once leaves the visit recording: it is looked for by itself", async () => {
  await session.start(visit);
  session.pause();
  refuse.resume = problem("microphone_missing");
  await expect(session.resume()).rejects.toMatchObject({ problem: { code: "microphone_missing" } });
  expect(phase()).toBe("recording");
});

test("moments and quick notes go to the visit being recorded, with the clinic's time", async () => {
  await expect(session.mark()).rejects.toMatchObject({ problem: { code: "not_found" } });
  await session.start(visit);
  await session.mark();
  expect(asked.moment).toEqual({ visitId, at: now, text: null });
  await session.quickNote("left knee");
  expect(asked.moment).toEqual({ visitId, at: now, text: "left knee" });
});

test("gaps go to the visit's journal", async () => {
  await session.start(visit);
  take?.gap({ reason: "microphone_lost", startedAt: 4000, endedAt: null });
  expect(asked.gap).toEqual({ visitId, reason: "microphone_lost", startedAt: 4000, endedAt: null });
});

test("the microphone is the one this workstation remembers, and a choice is remembered; an absent one is not forgotten", async () => {
  await session.openMicrophone({ preset: "video_call" });
  expect(story).toEqual(["open microphone jabra video_call"]);
  expect(rememberWorkstation).toHaveBeenLastCalledWith({ preset: "video_call" });
  await session.openMicrophone({ deviceId: "desk" });
  expect(rememberWorkstation).toHaveBeenLastCalledWith({ deviceId: "desk" });
  vi.mocked(rememberWorkstation).mockClear();
  isAbsent = true;
  await session.openMicrophone({ deviceId: "gone" });
  expect(rememberWorkstation).not.toHaveBeenCalled();
  await session.switchMicrophone("lapel");
  expect(story.at(-1)).toBe("change to lapel");
  expect(rememberWorkstation).toHaveBeenLastCalledWith({ deviceId: "lapel" });
});

test("what belongs to the microphone stays on the screen when a visit begins", async () => {
  await session.openMicrophone();
  session.store.setState({ screen: "held", warning: "too_quiet", durableMs: 4000 });
  await session.start(visit);
  const kept = { screen: "held", warning: "too_quiet", microphone: { deviceId: "jabra" }, durableMs: 0 };
  expect(session.store.getState()).toMatchObject(kept);
});

test("discarding the visit being recorded stops the recorder first, whatever it still holds", async () => {
  await session.start(visit);
  story = [];
  await session.discard(visitId, "withdrawn");
  expect(story).toEqual(["drop recorder", "discard", "close microphone"]);
  expect(session.store.getState()).toMatchObject({ phase: "idle", visitId: null, durableMs: 0 });
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
  const signedAt = new Date(now - 1000).toISOString();
  held = [{ visitId, finished: true, chunksReceived: 2, chunksCut: 2, signedAt }];
  await session.visitChanged(viewOf({ state: "draft_ready" }));
  await session.visitChanged(viewOf({ signedAt }));
  await session.visitChanged(viewOf({ signedAt, audioKeptUntil: new Date(now + 1).toISOString() }));
  expect(story).toEqual(["held", "held", "held"]);
  await session.visitChanged(viewOf({ signedAt, audioKeptUntil: new Date(now).toISOString() }));
  expect(story).toEqual(["held", "held", "held", "held", "erase"]);
  expect(asked.erase).toEqual({ visitId, reason: "retention" });
  await session.visitChanged(viewOf({ signedAt, audioKeptUntil: signedAt }));
  expect(asked.erase).toEqual({ visitId, reason: "signed" });
});

test("audio that the scribe does not hold is never erased, signed or not", async () => {
  const signedAt = new Date(now - 1000).toISOString();
  const over = viewOf({ signedAt, audioKeptUntil: signedAt });
  for (const rest of [
    { finished: true, chunksReceived: 2, chunksCut: 3 },
    { finished: false, chunksReceived: 2, chunksCut: 2 },
    { finished: true, chunksReceived: 1, chunksCut: 1 },
  ]) {
    held = [{ visitId, signedAt, ...rest }];
    await session.visitChanged(over);
  }
  expect(story).toEqual(["held", "held", "held"]);
});

test("the journal is told once that the note is signed", async () => {
  const signedAt = new Date(now - 1000).toISOString();
  held = [{ visitId, finished: true, chunksReceived: 2, chunksCut: 2, signedAt: null }];
  await session.visitChanged(viewOf({ signedAt }));
  expect([story, asked.signed]).toEqual([["held", "signed"], { visitId, signedAt }]);
});

test("which scribe session takes the audio shows while this visit is recorded, and only then", async () => {
  await session.start(visit);
  await session.visitChanged({ ...viewOf({}), id: otherId, part: 3 });
  expect(session.store.getState().part).toBe(1);
  await session.visitChanged(viewOf({ part: 2 }));
  expect(session.store.getState().part).toBe(2);
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
