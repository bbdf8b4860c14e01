import type { CodesView } from "#protocol/bff-codes.ts";
import { type Problem, toProblem } from "#model/problem.ts";
import { useState } from "react";
import type { NoteEditor } from "./note-editor.ts";

/** What the app gives for codes: the newest answer, undefined while there is none, and a way to ask. */
export type CodesSource = {
  view: CodesView | undefined;
  ask: (revision: number) => Promise<unknown>;
};

export type AskingCodes = { ask: () => void; isAsking: boolean; problem: Problem | null };

/** Asks about the text on screen: it is saved before, so that what is coded is what is stored. */
export function useCodes(editor: NoteEditor, source: CodesSource): AskingCodes {
  const [isAsking, setAsking] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const ask = async (): Promise<void> => {
    setAsking(true);
    setProblem(null);
    try {
      await editor.flush();
      const { save, revision } = editor.store.getState();
      // What stands in the way of saving is said above the note already.
      if (save === "saved") await source.ask(revision);
    } catch (thrown) {
      setProblem(toProblem(thrown));
    } finally {
      setAsking(false);
    }
  };
  return { ask: () => void ask(), isAsking, problem };
}
