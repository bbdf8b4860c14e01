import { emptyNote } from "#model/note.ts";
import { problem } from "#model/problem.ts";
import { expect, test } from "vitest";
import { createNoteEditor, type NoteEditorParts } from "./note-editor.ts";

type Save = Parameters<NoteEditorParts["save"]>[0];

/** An editor whose saves are answered by hand and whose timers run when told. */
function bench() {
  const tasks: (() => void)[] = [];
  const saves: { input: Save; resolve(): void; reject(thrown: unknown): void }[] = [];
  const editor = createNoteEditor({
    start: { note: { ...emptyNote, plan: "Rest." }, revision: 0, savedAt: "2026-12-08T14:30:00.000Z" },
    save: (input) =>
      new Promise((resolve, reject) => {
        const saved = { revision: input.baseRevision + 1, savedAt: "2026-12-08T14:31:00.000Z" };
        saves.push({ input, resolve: () => resolve(saved), reject });
      }),
    later: (_ms, task) => {
      tasks.push(task);
      return () => {
        const at = tasks.indexOf(task);
        if (at >= 0) tasks.splice(at, 1);
      };
    },
  });
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return { editor, saves, settle, runTimer: () => tasks.shift()?.(), timers: () => tasks.length };
}

test("a burst of typing is one save of the last text", async () => {
  const { editor, saves, runTimer, timers, settle } = bench();
  for (const text of ["R", "Re", "Rest a lot."]) editor.edit("plan", text);
  expect(timers()).toBe(1);
  runTimer();
  expect(saves.map(({ input }) => input.note.plan)).toEqual(["Rest a lot."]);
  saves[0]?.resolve();
  await settle();
  expect(editor.store.getState()).toMatchObject({ save: "saved", revision: 1 });
});

test("words typed while a save is on its way are saved after it, on top of its revision", async () => {
  const { editor, saves, runTimer, settle } = bench();
  editor.edit("plan", "one");
  runTimer();
  editor.edit("plan", "one two");
  saves[0]?.resolve();
  await settle();
  expect(saves[1]?.input).toEqual({ baseRevision: 1, note: { ...emptyNote, plan: "one two" } });
  saves[1]?.resolve();
  await settle();
  expect(editor.store.getState()).toMatchObject({ save: "saved", revision: 2, note: { plan: "one two" } });
});

test("a failed save keeps the text, says so and tries again", async () => {
  const { editor, saves, runTimer, settle } = bench();
  editor.edit("plan", "kept");
  runTimer();
  saves[0]?.reject(problem("offline"));
  await settle();
  expect(editor.store.getState()).toMatchObject({ save: "waiting", note: { plan: "kept" } });
  runTimer();
  saves[1]?.resolve();
  await settle();
  expect(editor.store.getState().save).toBe("saved");
});

test("a conflict stops editing instead of overwriting the other text", async () => {
  const { editor, saves, runTimer, settle } = bench();
  editor.edit("plan", "mine");
  runTimer();
  saves[0]?.reject(problem("conflict"));
  await settle();
  editor.edit("plan", "mine again");
  expect(editor.store.getState()).toMatchObject({ save: "conflict", note: { plan: "mine" } });
  expect(saves).toHaveLength(1);
});

test("flush waits for the save that is on its way and for the text after it", async () => {
  const { editor, saves, settle } = bench();
  editor.edit("plan", "a");
  const flushed = editor.flush();
  editor.edit("plan", "ab");
  saves[0]?.resolve();
  await settle();
  saves[1]?.resolve();
  await flushed;
  expect(editor.store.getState()).toMatchObject({ save: "saved", note: { plan: "ab" } });
});
