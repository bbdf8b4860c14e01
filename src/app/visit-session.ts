/**
 * From the microphone to the chart, as one story: capture gives fragments, the vault makes them durable and sends them, the clinic
 * server's word about a visit decides when its audio may go. What a call has resolved for is on disk; a restart finds it with `held`.
 */
import type { Clock } from "#model/clock.ts";
import type { VisitId } from "#model/id.ts";
import { problem, toProblem } from "#model/problem.ts";
import type { Capture, Hold } from "#visit/capture/capture.ts";
import { listMicrophones } from "#visit/capture/microphone.ts";
import { recordingFormat } from "#visit/capture/recorder.ts";
import { askToPersist } from "./storage.ts";
import type { VaultClient } from "./vault-client.ts";
import { heldOf, importingOf } from "./visit-session-held.ts";
import { changeMicrophone, openRemembered } from "./visit-session-microphone.ts";
import type { NewVisit, VisitSession } from "./visit-session-port.ts";
import { takeInto, unheard } from "./visit-session-take.ts";
import { beginView, show } from "./visit-session-view.ts";

export type { MicrophoneTest, NewVisit, VisitSession } from "./visit-session-port.ts";

/** `clock` is the clinic server's time. */
export type SessionParts = { capture: Capture; vault: VaultClient; clock: Clock };

export function createVisitSession(parts: SessionParts): VisitSession {
  const { store } = parts.capture;
  const heldListeners = new Set<() => void>();
  parts.vault.onNews((news) => {
    if (news.kind === "held") heldListeners.forEach((tell) => tell());
    else if (news.kind === "reopened") parts.capture.tapAgain();
    else show(store, news);
  });
  return {
    store,
    ...microphoneOf(parts),
    ...recordingOf(parts),
    ...heldOf(parts),
    ...importingOf(parts),
    onHeldChange: (listener) => {
      heldListeners.add(listener);
      return () => void heldListeners.delete(listener);
    },
  };
}

function microphoneOf({ capture }: SessionParts) {
  return {
    openMicrophone: (choice) => openRemembered(capture, choice),
    switchMicrophone: (deviceId) => changeMicrophone(capture, deviceId),
    closeMicrophone: () => capture.close(),
    devices: listMicrophones,
    testMicrophone: (durationMs) => capture.test(durationMs),
  } satisfies Partial<VisitSession>;
}

function recordingOf(parts: SessionParts) {
  const { capture } = parts;
  const hold = (hold: Hold): void => {
    capture.hold(hold);
    capture.store.setState({ phase: "paused", isOffRecord: hold === "off_record" });
  };
  return {
    start: (visit) => record(parts, visit.visitId, visit),
    resumeHeld: (visitId) => record(parts, visitId),
    pause: () => hold("paused"),
    offRecord: () => hold("off_record"),
    resume: async () => {
      capture.store.setState({ phase: "recording", isOffRecord: false });
      await capture.resume();
    },
    mark: () => remember(parts, null),
    quickNote: (text) => remember(parts, text),
    stop: () => stop(parts),
  } satisfies Partial<VisitSession>;
}

/** Begins to record into this visit, into a new one when the visit is given. */
async function record({ capture, vault }: SessionParts, visitId: VisitId, visit?: NewVisit): Promise<void> {
  const { store } = capture;
  beginView(store, visitId);
  try {
    if (!capture.isOpen()) await openRemembered(capture);
    const mimeType = recordingFormat();
    if (visit) await vault.call("open", { create: visit.create, header: { ...visit.header, mimeType } });
    await capture.start(takeInto(vault, visitId));
    store.setState({ phase: "recording" });
    unheard(askToPersist());
  } catch (thrown) {
    store.setState({ phase: "idle", visitId: null });
    throw thrown;
  }
}

async function remember({ capture, vault, clock }: SessionParts, text: string | null): Promise<void> {
  const { visitId } = capture.store.getState();
  if (visitId === null) throw problem("not_found");
  await vault.call("moment", { visitId, at: clock.now(), text });
}

async function stop({ capture, vault }: SessionParts): Promise<void> {
  const { store } = capture;
  const { visitId } = store.getState();
  if (visitId === null) return;
  store.setState({ phase: "stopping" });
  try {
    await capture.stop();
    await vault.call("close", { visitId });
    capture.close();
    store.setState({ phase: "stopped", isOffRecord: false });
  } catch (thrown) {
    store.setState({ phase: "paused", problem: toProblem(thrown) });
    throw thrown;
  }
}
