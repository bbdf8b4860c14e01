import type { NoteSaved, NoteView } from "#protocol/bff.ts";
import { useEffect, useState } from "react";
import type { z } from "zod";
import { createNoteEditor, type NoteEditor, type NoteEditorParts } from "./note-editor.ts";

export type SaveNote = (input: Parameters<NoteEditorParts["save"]>[0]) => Promise<z.infer<typeof NoteSaved>>;

/** One editor for as long as the screen shows this visit; leaving with unsaved words asks first. */
export function useNoteEditor(view: NoteView, save: SaveNote): NoteEditor {
  const [editor] = useState(() =>
    createNoteEditor({
      start: { note: view.note, revision: view.revision, savedAt: view.savedAt },
      save,
      later: (ms, task) => {
        const timer = setTimeout(task, ms);
        return () => clearTimeout(timer);
      },
    }),
  );
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent): void => {
      if (editor.store.getState().save !== "saved") event.preventDefault();
    };
    window.addEventListener("beforeunload", ask);
    return () => {
      window.removeEventListener("beforeunload", ask);
      void editor.flush().finally(editor.stop);
    };
  }, [editor]);
  return editor;
}
