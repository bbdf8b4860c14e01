import { withLine, withoutLine } from "#model/code-suggestion.ts";
import type { Problem } from "#model/problem.ts";
import type { CodesJob } from "#protocol/bff-codes.ts";
import { useAnnounce } from "#ui/toast.tsx";
import { type ReactNode, useEffect, useRef } from "react";
import { useStore } from "zustand";
import { CodesCard } from "./codes-card.tsx";
import type { NoteEditor } from "./note-editor.ts";
import { type CodesSource, useCodes } from "./use-codes.ts";

type CodesPartProps = {
  editor: NoteEditor;
  source: CodesSource;
  renderProblem: (problem: Problem, onRetry: () => void) => ReactNode;
};

/** The codes beside the editor: accepting one is an edit of the assessment like any other. */
export function CodesPart({ editor, source, renderProblem }: CodesPartProps) {
  const { note, save } = useStore(editor.store);
  const { ask, isAsking, problem } = useCodes(editor, source);
  const announce = useAnnounce();
  useEndAnnounced(source.view?.job?.state, announce);
  if (source.view === undefined) return null;
  return (
    <CodesCard
      view={source.view}
      assessment={note.assessment}
      onAsk={ask}
      isAsking={isAsking}
      askProblem={problem}
      renderProblem={renderProblem}
      onAccept={(line) => {
        editor.edit("assessment", withLine(note.assessment, line));
        announce(`Added to the Assessment: ${line}`);
      }}
      onUndo={(line) => {
        editor.edit("assessment", withoutLine(note.assessment, line));
        announce(`Taken out of the Assessment: ${line}`);
      }}
      isLocked={save === "conflict"}
    />
  );
}

/** Says the end of a job that was seen running; one that had ended before the screen opened is only shown. */
function useEndAnnounced(state: CodesJob["state"] | undefined, announce: (words: string) => void): void {
  const before = useRef(state);
  useEffect(() => {
    if (before.current === "running" && state === "done") announce("Codes have been suggested for this note");
    before.current = state;
  }, [state, announce]);
}
