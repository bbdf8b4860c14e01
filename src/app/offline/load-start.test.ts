import { beforeEach, expect, test, vi } from "vitest";
import { UserId } from "#model/id.ts";
import { problem } from "#model/problem.ts";
import type { User } from "#model/user.ts";
import type { Bootstrap, SessionView } from "#protocol/bff.ts";
import { createSessionStore, enterSession, expireSession } from "#app/sign-in/session-store.ts";
import { createStore } from "zustand/vanilla";
import type { Kept, KeptSession } from "./kept.ts";
import { endSession, loadStart } from "./load-start.ts";

const hale: User = { id: UserId.parse("hale"), name: "Nora Hale", role: "clinician" };
const other: User = { id: UserId.parse("other"), name: "Ife Okafor", role: "clinician" };
const now = Date.parse("2026-11-21T10:00:00Z");
beforeEach(() => void vi.spyOn(Date, "now").mockReturnValue(now));

const bootstrap = { now: "2026-11-21T10:05:00.000Z", workstationIdleMs: 300_000 } as Bootstrap;
const keptHale: KeptSession = {
  user: hale,
  expiresAt: now + 3_600_000,
  bootstrap: { ...bootstrap, now: "2026-11-21T08:00:00.000Z" },
  clockOffsetMs: 120_000,
  seenAt: 1,
};

function device(session?: KeptSession, { owes = false } = {}) {
  const calls: string[] = [];
  const store: Kept["store"] = createStore(() => ({ session, answers: [] }));
  const kept: Kept = {
    store,
    read: async () => undefined,
    keepSession: async (next) => store.setState({ session: next }),
    keepAnswers: async () => undefined,
    seen: async () => undefined,
    erase: async () => {
      calls.push("erase");
      store.setState({ session: undefined });
    },
    oweSignOut: async (isOwed) => void calls.push(`owe ${isOwed}`),
    owesSignOut: async () => owes,
  };
  return { kept, calls };
}

type Answers = {
  bootstrap?: () => Promise<Bootstrap>;
  session?: () => Promise<SessionView>;
  signOut?: () => Promise<void>;
};

function parts(answers: Answers, owned = device()) {
  const session = createSessionStore();
  const view = { user: hale, absoluteExpiry: "2026-11-21T22:00:00.000Z" };
  const bff = {
    opening: answers.bootstrap ?? (async () => bootstrap),
    session: answers.session ?? (async () => view),
    signOut: vi.fn<() => Promise<void>>(answers.signOut ?? (async () => undefined)),
  };
  return {
    bff,
    session,
    kept: owned.kept,
    calls: owned.calls,
    askedAt: 0,
    wait: () => new Promise<void>(() => undefined),
  };
}

const away = async () => {
  throw problem("offline");
};

test("with the server, its word counts, and the person may open the app without it until the session's end", async () => {
  const all = parts({});
  expect(await loadStart(all)).toEqual({ kind: "ready", bootstrap, clockOffsetMs: 300_000 });
  expect(all.session.getState()).toEqual({ status: "in", user: hale });
  expect(all.kept.store.getState().session).toEqual({
    user: hale,
    expiresAt: Date.parse("2026-11-21T22:00:00Z"),
    bootstrap,
    clockOffsetMs: 300_000,
    seenAt: now + 300_000,
  });
});

test("the server is asked while the disk is read, and its word waits for what the disk says", async () => {
  const all = parts({}, device(keptHale));
  const disk = Promise.withResolvers<void>();
  all.kept.read = () => disk.promise;
  const asked = vi.spyOn(all.bff, "opening");
  const opening = loadStart(all);
  await vi.waitFor(() => expect(asked).toHaveBeenCalled(), { timeout: 30_000 });
  await new Promise(setImmediate); // whatever follows from the answer has happened
  expect(all.session.getState().status).toBe("unknown");
  disk.resolve();
  expect(await opening).toMatchObject({ kind: "ready" });
  expect(all.kept.store.getState().session?.seenAt).toBe(1);
});

test("opening the app again does not count as being there", async () => {
  const all = parts({}, device(keptHale));
  await loadStart(all);
  expect(all.kept.store.getState().session?.seenAt).toBe(1);
});

test("without the server the app opens for who is kept, with what was known then", async () => {
  const all = parts({ bootstrap: away }, device(keptHale));
  expect(await loadStart(all)).toEqual({ kind: "ready", bootstrap: keptHale.bootstrap, clockOffsetMs: 120_000 });
  expect(all.session.getState()).toEqual({ status: "in", user: hale });
});

test("without the server and without anybody kept it says so", async () => {
  const all = parts({ bootstrap: away });
  expect(await loadStart(all)).toMatchObject({ kind: "unreachable", problem: { code: "offline" } });
  expect(all.session.getState().status).toBe("unknown");
});

test("a server that hangs is waited for only by those who need it", async () => {
  const hangs = () => new Promise<Bootstrap>(() => undefined);
  const all = { ...parts({ bootstrap: hangs }, device(keptHale)), wait: async () => undefined };
  expect(await loadStart(all)).toMatchObject({ kind: "ready", clockOffsetMs: 120_000 });
});

test("a server that refuses is not away: nobody goes in", async () => {
  const all = parts({}, device(keptHale));
  all.bff.opening = async () => {
    throw problem("invalid_request");
  };
  expect(await loadStart(all)).toMatchObject({ kind: "unreachable", problem: { code: "invalid_request" } });
  expect(all.session.getState().status).toBe("unknown");
});

test("signed out by the server: the door opens, and who is kept stays kept for when OpenEMR is down", async () => {
  const all = parts({}, device(keptHale));
  all.bff.session = async () => {
    expireSession(all.session);
    throw problem("signed_out");
  };
  expect(await loadStart(all)).toMatchObject({ kind: "ready", bootstrap });
  expect(all.session.getState().status).toBe("out");
  expect(all.kept.store.getState().session).toEqual(keptHale);
});

test("a sign-out made without the server is told to it before anybody may enter", async () => {
  const owing = device(undefined, { owes: true });
  const all = parts({}, owing);
  const order: string[] = [];
  all.bff.signOut.mockImplementation(async () => void order.push("sign out"));
  const view = await all.bff.session();
  all.bff.session = async () => (order.push("session"), order.length === 1 ? { ...view, user: other } : view);
  await loadStart(all);
  expect(order).toEqual(["session", "sign out", "session"]);
  expect(all.session.getState()).toEqual({ status: "in", user: hale }); // who was in before that does not count
  expect(owing.calls).toContain("owe false");
  const failing = parts({ signOut: away }, device(undefined, { owes: true }));
  expect(await loadStart(failing)).toMatchObject({ kind: "unreachable" });
  expect(failing.session.getState().status).toBe("unknown");
});

test("signing out erases first, and owes the server the word until it has heard it", async () => {
  const heard = parts({}, device(keptHale));
  enterSession(heard.session, hale);
  await endSession(heard);
  expect(heard.calls).toEqual(["erase", "owe true", "owe false"]);
  expect(heard.session.getState().status).toBe("out");
  const unheard = parts({ signOut: away }, device(keptHale));
  enterSession(unheard.session, hale);
  await endSession(unheard);
  expect(unheard.calls).toEqual(["erase", "owe true"]);
  expect(unheard.session.getState().status).toBe("out");
});

test("another person's session does not take over a page", async () => {
  const all = parts({ session: async () => ({ user: other, absoluteExpiry: "2026-11-21T22:00:00.000Z" }) });
  enterSession(all.session, hale);
  await loadStart(all);
  expect(all.session.getState()).toEqual({ status: "in", user: hale });
  expect(all.kept.store.getState().session).toBeUndefined();
});
