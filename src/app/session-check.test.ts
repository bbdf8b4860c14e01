import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createStore } from "zustand/vanilla";
import { problem } from "#model/problem.ts";
import type { RecordingView } from "#model/recording.ts";
import { UserId } from "#model/id.ts";
import type { SessionView } from "#protocol/bff.ts";
import { checkSession } from "./session-check.ts";

const rivera = { user: { id: UserId.parse("dr-x") } } as SessionView;

let waiting: (now: RecordingView["waiting"]) => void;
let session: ReturnType<typeof vi.fn<() => Promise<SessionView>>>;
let signedIn: ReturnType<typeof vi.fn<(id: string) => void>>;
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  const store = createStore(() => ({ waiting: null }) as Pick<RecordingView, "waiting"> as RecordingView);
  waiting = (now) => store.setState({ waiting: now });
  session = vi.fn(async () => rivera);
  signedIn = vi.fn();
  stop = checkSession({ bff: { session }, visits: { store, signedIn }, userId: () => "dr-x" });
});

afterEach(() => {
  stop();
  vi.useRealTimers();
});

const settle = () => vi.advanceTimersByTimeAsync(0);

test("refused although the session is there: the vault is told again who is signed in", async () => {
  waiting("sign_in");
  await settle();
  expect(signedIn.mock.calls).toEqual([["dr-x"]]);
});

test("refused again and again: asked every ten seconds, not at once", async () => {
  waiting("sign_in");
  for (let time = 0; time < 5; time += 1) {
    await settle();
    waiting(null);
    waiting("sign_in");
  }
  expect(session).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(10_000);
  expect([session.mock.calls.length, signedIn.mock.calls.length]).toEqual([2, 2]);
});

test("the session has ended: asked once, and nobody is said to be signed in", async () => {
  session.mockRejectedValue(problem("signed_out"));
  waiting("sign_in");
  await vi.advanceTimersByTimeAsync(60_000);
  expect([session.mock.calls.length, signedIn.mock.calls.length]).toEqual([1, 0]);
  session.mockResolvedValue(rivera);
  waiting(null);
  waiting("sign_in");
  await settle();
  expect(signedIn).toHaveBeenCalledTimes(1);
});

test("somebody else's session, or a vault that went on meanwhile: nothing is said", async () => {
  session.mockResolvedValueOnce({ ...rivera, user: { ...rivera.user, id: UserId.parse("dr-y") } });
  waiting("sign_in");
  await settle();
  waiting(null);
  waiting("sign_in");
  waiting(null);
  await settle();
  expect(signedIn).not.toHaveBeenCalled();
});
