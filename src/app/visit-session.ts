/**
 * From the microphone to the chart, as one story: capture gives fragments, the vault makes them durable and sends them, the clinic
 * server's word about a visit decides when its audio may go. What a call has resolved for is on disk; a restart finds it with `held`.
 */
import type { Clock } from "#model/clock.ts";
import type { VisitId } from "#model/id.ts";
import { toProblem } from "#model/problem.ts";
import { idleRecording, type RecordingView } from "#model/recording.ts";
import type { VisitView } from "#protocol/bff.ts";
import type { Capture } from "#visit/capture/capture.ts";
import { listMicrophones } from "#visit/capture/microphone.ts";
import { mimeType } from "#visit/capture/recorder.ts";
import type { StoreApi } from "zustand/vanilla";
import { askToPersist, readStorage } from "./storage.ts";
import type { VaultClient, VaultNews } from "./vault-client.ts";
import type { MicrophoneChoice, NewVisit, VisitSession } from "./visit-session-port.ts";
import { readWorkstation, rememberWorkstation } from "./workstation.ts";

export type { Microphone, MicrophoneTest, NewVisit, VisitSession } from "./visit-session-port.ts";

/** `clock` is the clinic server's time. */
export type SessionParts = { capture: Capture; vault: VaultClient; clock: Clock };

/** `running`: the recording that has begun and not ended. */
type Desk = SessionParts & { running: { visitId: VisitId; recording: number } | null };

export function createVisitSession(parts: SessionParts): VisitSession {
  const desk: Desk = { ...parts, running: null };
  const { capture, vault } = desk;
  const { store } = capture;
  const heldListeners = new Set<() => void>();
  vault.onNews((news) => (news.kind === "held" ? heldListeners.forEach((tell) => tell()) : show(store, news)));
  return {
    store,
    signedIn: (clinicianId) => unheard(vault.call("signedIn", { clinicianId })),
    signedOut: () => unheard(vault.call("signedIn", { clinicianId: null })),
    openMicrophone: async (choice) => openRemembered(capture, choice),
    closeMicrophone: () => capture.close(),
    devices: listMicrophones,
    testMicrophone: (durationMs) => capture.test(durationMs),
    start: (visit) => record(desk, visit.visitId, visit),
    pause: () => {
      capture.pause();
      store.setState({ phase: "paused" });
    },
    resume: async () => {
      const { visitId } = store.getState();
      if (capture.resume()) store.setState({ phase: "recording" });
      else if (visitId !== null) await record(desk, visitId);
    },
    stop: () => stop(desk),
    held: () => vault.call("held", undefined),
    onHeldChange: (listener) => {
      heldListeners.add(listener);
      return () => void heldListeners.delete(listener);
    },
    resumeHeld: (visitId) => record(desk, visitId),
    finishHeld: (visitId) => vault.call("close", { visitId }),
    discard: async (visitId, reason) => {
      const isCurrent = store.getState().visitId === visitId;
      if (isCurrent) await capture.stop();
      await vault.call("discard", { visitId, reason });
      if (isCurrent) leave(desk);
    },
    visitChanged: (visit) => follow(parts, visit),
    sendNow: () => unheard(vault.call("sendNow", undefined)),
    storage: readStorage,
    exportAudio: async (visitId) => new Blob([await vault.call("exportAudio", { visitId })], { type: "audio/webm" }),
  };
}

/** What is chosen here is chosen for this workstation. */
async function openRemembered(capture: Capture, choice: MicrophoneChoice = {}): Promise<void> {
  const { deviceId, preset } = { ...(await readWorkstation()), ...choice };
  await capture.open(deviceId ?? undefined, preset).catch((thrown: unknown) => {
    if (choice.deviceId !== undefined || toProblem(thrown).code !== "microphone_missing") throw thrown;
    return capture.open(undefined, preset); // the remembered one is absent
  });
  if (choice.deviceId ?? choice.preset) await rememberWorkstation({ deviceId, preset });
}

/** Begins a recording in this visit, in a new one when the visit is given. */
async function record(desk: Desk, visitId: VisitId, visit?: NewVisit): Promise<void> {
  const { capture, vault } = desk;
  const { store } = capture;
  const { level, waiting } = store.getState();
  store.setState({ ...idleRecording, level, waiting, phase: "preparing", visitId });
  try {
    if (!capture.isOpen()) await capture.open();
    if (visit) await vault.call("open", { create: visit.create, header: { ...visit.header, mimeType } });
    await endRunning(desk);
    const { recording } = await vault.call("record", { visitId, mimeType });
    desk.running = { visitId, recording };
    capture.start((fragment) => unheard(vault.call("append", { ...fragment, visitId, recording })));
    store.setState({ phase: "recording" });
    unheard(askToPersist());
  } catch (thrown) {
    unheard(endRunning(desk));
    store.setState({ phase: "idle", visitId: null });
    throw thrown;
  }
}

/** The microphone was lost, or the recorder did not start. */
async function endRunning(desk: Desk): Promise<void> {
  if (desk.running === null) return;
  await desk.vault.call("endRecording", desk.running);
  desk.running = null;
}

async function stop(desk: Desk): Promise<void> {
  const { capture, vault } = desk;
  const { store } = capture;
  const { visitId } = store.getState();
  if (visitId === null) return;
  store.setState({ phase: "stopping" });
  try {
    await capture.stop();
    await vault.call("close", { visitId });
    desk.running = null;
    capture.close();
    store.setState({ phase: "stopped" });
  } catch (thrown) {
    store.setState({ phase: "paused", problem: toProblem(thrown) });
    throw thrown;
  }
}

function leave(desk: Desk): void {
  const { capture } = desk;
  desk.running = null;
  capture.close();
  capture.store.setState(({ waiting }) => ({ ...idleRecording, waiting }));
}

/**
 * Audio goes only when the clinic server says that it may, the time it names has come, and nothing here is unsent; what the clinic
 * server has lost since is sent again.
 */
async function follow({ vault, clock }: SessionParts, visit: VisitView): Promise<void> {
  const visitId = visit.id;
  const held = (await vault.call("held", undefined)).find((candidate) => candidate.visitId === visitId);
  if (!held?.finished) return;
  if (visit.signedAt !== null) await vault.call("signed", { visitId, signedAt: visit.signedAt });
  if (visit.received.chunks < held.chunksReceived) return vault.call("sendAgain", { visitId });
  const isSent = held.chunksReceived === held.chunksCut && visit.received.chunks === held.chunksCut;
  const isOver = visit.audioKeptUntil !== null && Date.parse(visit.audioKeptUntil) <= clock.now();
  if (isSent && isOver) await vault.call("erase", { visitId, reason: reasonOf(visit) });
}

/** Kept for no longer than the signing, or for the days that the clinic wants. */
function reasonOf({ signedAt, audioKeptUntil }: VisitView): "signed" | "retention" {
  return audioKeptUntil === signedAt ? "signed" : "retention";
}

/** A problem of another visit does not belong on the screen of the one being recorded. */
function show(store: StoreApi<RecordingView>, news: VaultNews): void {
  const { visitId } = store.getState();
  if (news.kind === "waiting") store.setState({ waiting: news.waiting });
  else if (news.kind === "tally" && news.visitId === visitId) store.setState(news.tally);
  else if (news.kind === "problem" && (visitId === null || news.visitId === null || news.visitId === visitId)) {
    store.setState({ problem: news.problem });
  }
}

/** For calls whose failure comes back as news. */
function unheard(work: Promise<unknown>): void {
  work.catch(() => undefined);
}
