import type { RecordingView } from "#model/recording.ts";
import { createContext, useContext } from "react";
import { useStore } from "zustand";
import type { VisitSession } from "./visit-session.ts";

export const VisitSessionContext = createContext<VisitSession | undefined>(undefined);

/** The visit session of this tab; throws outside its provider. */
export function useVisitSession(): VisitSession {
  const session = useContext(VisitSessionContext);
  if (session === undefined) throw new Error("VisitSessionContext is missing above this component");
  return session;
}

/** Re-renders when the selected part of the recording changes. */
export function useRecording<Selected>(selector: (view: RecordingView) => Selected): Selected {
  return useStore(useVisitSession().store, selector);
}

/** Whole seconds that are on the disk. */
export function useRecordedSeconds(): number {
  return useRecording((view) => Math.floor(view.durableMs / 1000));
}
