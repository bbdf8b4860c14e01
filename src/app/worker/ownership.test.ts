import { expect, test } from "vitest";
import type { VaultMessage, VaultRequest } from "#app/vault-port.ts";
import { problem } from "#model/problem.ts";
import type { HeldVisit } from "#model/recording.ts";
import { createOwnership, type Word } from "./ownership.ts";
import type { Vault } from "./vault.ts";

const glimpsed = [{ patientName: "Ada Quill", recoveredMs: 0 }] as HeldVisit[];
const read = [{ patientName: "Ada Quill", recoveredMs: 3000 }] as HeldVisit[];

function ask(call: "held" | "locked"): VaultRequest {
  return { id: 1, call, argument: undefined, journalKey: null, clockOffsetMs: 0 };
}

/** A tab alone, whose vault opens when it is told to. */
function openTab(glimpse: () => Promise<HeldVisit[]>) {
  const news: VaultMessage[] = [];
  const opening = Promise.withResolvers<Vault>();
  const vault: Vault = {
    answer: async ({ call }) => (call === "held" ? read : "open"),
    isRecording: () => false,
    networkIsBack: () => undefined,
    close: async () => undefined,
  };
  const locks = { request: async (_name: string, hold: () => Promise<unknown>) => hold() };
  const ownership = createOwnership({
    tab: "a",
    lockName: "vault",
    locks: locks as unknown as LockManager,
    channel: { say: () => undefined, onWord: () => undefined },
    open: () => opening.promise,
    glimpse,
    post: (message) => news.push(message),
  });
  return { ownership, news, open: () => opening.resolve(vault), fail: () => opening.reject(problem("storage_full")) };
}

test("the list of held visits does not wait for the vault; everything else does, and the list is told anew", async () => {
  const tab = openTab(async () => glimpsed);
  expect(await tab.ownership.answer(ask("held"))).toBe(glimpsed);
  expect(await tab.ownership.answer({ ...ask("held"), id: 2 })).toBe(glimpsed);
  const locked = tab.ownership.answer({ ...ask("locked"), id: 3 });
  expect(tab.news).toEqual([]);
  tab.open();
  expect(await locked).toBe("open");
  expect(tab.news).toContainEqual({ kind: "held" });
  expect(await tab.ownership.answer(ask("held"))).toBe(read);
});

test("a disk at which nothing can be looked is left to the opening", async () => {
  const tab = openTab(() => Promise.reject(problem("storage_unavailable")));
  const held = tab.ownership.answer(ask("held"));
  tab.open();
  expect(await held).toBe(read);
});

test("a vault that does not open takes the list back", async () => {
  const tab = openTab(async () => glimpsed);
  expect(await tab.ownership.answer(ask("held"))).toBe(glimpsed);
  const locked = tab.ownership.answer({ ...ask("locked"), id: 2 });
  tab.fail();
  await expect(locked).rejects.toMatchObject({ problem: { code: "storage_full" } });
  expect(tab.news).toMatchObject([{ kind: "problem", problem: { code: "storage_full" } }]);
});

test("who is signed in is said again to a vault that another tab opens later: before that nobody heard it", async () => {
  const said: Word[] = [];
  let hear: (word: Word) => void = () => undefined;
  const waiting = createOwnership({
    tab: "b",
    lockName: "vault",
    locks: { request: () => new Promise(() => undefined) },
    channel: { say: (word) => said.push(word), onWord: (listener) => (hear = listener) },
    open: () => Promise.reject(problem("storage_unavailable")),
    glimpse: async () => [],
    post: () => undefined,
  });
  const request: VaultRequest = {
    ...ask("held"),
    call: "signedIn",
    argument: { clinicianId: "dr-x" },
  };
  await waiting.answer(request);
  hear({ say: "opened" });
  expect(said).toEqual([
    { say: "ask", from: "b", request },
    { say: "ask", from: "b", request },
  ]);
  await waiting.answer({ ...request, argument: { clinicianId: null } });
  hear({ say: "opened" });
  expect(said).toHaveLength(2);
});
