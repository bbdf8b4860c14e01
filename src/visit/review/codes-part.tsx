import { withLine, withoutLine } from "#model/code-suggestion.ts";
import type { Problem } from "#model/problem.ts";
import type { ReactNode } from "react";
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
  if (source.view === undefined) return null;
  return (
    <CodesCard
      view={source.view}
      assessment={note.assessment}
      onAsk={ask}
      isAsking={isAsking}
      askProblem={problem}
      renderProblem={renderProblem}
      onAccept={(line) => editor.edit("assessment", withLine(note.assessment, line))}
      onUndo={(line) => editor.edit("assessment", withoutLine(note.assessment, line))}
      isLocked={save === "conflict"}
    />
  );
}
