/**
 * The note under a person's hands. In: the newest revision. Out: saved revisions and the text that will be signed. A crash
 * loses at most the words typed in the last second; a save that fails is tried again and said on screen meanwhile.
 */
import type { Note, SectionName } from "#model/note.ts";
import { isRetried, toProblem } from "#model/problem.ts";
import { createStore, type StoreApi } from "zustand/vanilla";

export type SaveState = "saved" | "unsaved" | "saving" | "waiting" | "conflict" | "refused";

export type NoteEditorView = {
  note: Note;
  revision: number;
  savedAt: string;
  save: SaveState;
  /** The section that a refused save complained about. */
  field: string | null;
};

export type NoteEditorParts = {
  start: { note: Note; revision: number; savedAt: string };
  save(input: { baseRevision: number; note: Note }): Promise<{ revision: number; savedAt: string }>;
  /** Runs `task` after `ms`; the answer takes it back. */
  later(ms: number, task: () => void): () => void;
};

export type NoteEditor = {
  store: StoreApi<NoteEditorView>;
  edit(section: SectionName, text: string): void;
  /** Saves now what is not saved; resolves when nothing is left to save or a save was refused. */
  flush(): Promise<void>;
  stop(): void;
};

const quietMs = 800;
const retryMs = 4000;

export function createNoteEditor({ start, save, later }: NoteEditorParts): NoteEditor {
  const store = createStore<NoteEditorView>(() => ({ ...start, save: "saved", field: null }));
  let cancelTimer = (): void => {};
  let inFlight: Promise<void> | undefined;

  const saveIn = (ms: number): void => {
    cancelTimer();
    cancelTimer = later(ms, () => void flush());
  };
  const saveOnce = async (): Promise<void> => {
    const { note, revision } = store.getState();
    store.setState({ save: "saving" });
    try {
      const saved = await save({ baseRevision: revision, note });
      const isNewest = store.getState().note === note;
      store.setState({ ...saved, save: isNewest ? "saved" : "unsaved", field: null });
    } catch (thrown) {
      const { code, field } = toProblem(thrown);
      store.setState({ save: afterFailure(code), field: field ?? null });
      if (store.getState().save === "waiting") saveIn(retryMs);
    }
  };
  const flush = async (): Promise<void> => {
    cancelTimer();
    while (inFlight || store.getState().save === "unsaved" || store.getState().save === "waiting") {
      inFlight ??= saveOnce().finally(() => (inFlight = undefined));
      await inFlight;
      if (store.getState().save === "waiting") return;
    }
  };
  return {
    store,
    flush,
    edit: (section, text) => {
      if (store.getState().save === "conflict") return;
      store.setState(({ note }) => ({ note: { ...note, [section]: text }, save: "unsaved" }));
      saveIn(quietMs);
    },
    stop: () => cancelTimer(),
  };
}

function afterFailure(code: Parameters<typeof isRetried>[0]): SaveState {
  if (code === "conflict") return "conflict";
  return isRetried(code) || code === "signed_out" ? "waiting" : "refused";
}
