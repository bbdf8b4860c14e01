/** The recording's store: what the vault says goes into it, and what belongs to the microphone stays in it between visits. */
import type { VisitId } from "#model/id.ts";
import { idleRecording, type RecordingView } from "#model/recording.ts";
import type { StoreApi } from "zustand/vanilla";
import type { VaultNews } from "./vault-client.ts";

type Store = StoreApi<RecordingView>;

/** Numbers start at nothing; microphone and network are as they are. */
export function beginView(store: Store, visitId: VisitId): void {
  store.setState({ ...idleRecording, ...lasting(store), phase: "preparing", visitId });
}

export function leaveView(store: Store): void {
  store.setState({ ...idleRecording, ...lasting(store) });
}

function lasting(store: Store): Partial<RecordingView> {
  const { level, warning, microphone, microphones, screen, waiting } = store.getState();
  return { level, warning, microphone, microphones, screen, waiting };
}

/** A problem of another visit does not belong on the screen of the one being recorded. */
export function show(store: Store, news: VaultNews): void {
  const { visitId } = store.getState();
  if (news.kind === "waiting") store.setState({ waiting: news.waiting });
  else if (news.kind === "tally" && news.visitId === visitId) showTally(store, news.tally);
  else if (news.kind === "problem" && (visitId === null || news.visitId === null || news.visitId === visitId)) {
    store.setState({ problem: news.problem });
  }
}

/** Four tallies come a second, each with lists of its own: one that says what the one before said stays, and nothing is drawn again. */
function showTally(store: Store, tally: Extract<VaultNews, { kind: "tally" }>["tally"]): void {
  const { gaps, moments } = store.getState();
  store.setState({ ...tally, gaps: unlessSame(gaps, tally.gaps), moments: unlessSame(moments, tally.moments) });
}

function unlessSame<List extends readonly unknown[]>(before: List, now: List): List {
  return JSON.stringify(before) === JSON.stringify(now) ? before : now;
}
