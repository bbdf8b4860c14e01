/**
 * Who is signed in, as this tab knows it. `expired` keeps the user: the page stays and signing in again happens in place. `kept`:
 * this device knows the person, the clinic server has no session of theirs and OpenEMR cannot make one now; they may record.
 * Nothing here survives a reload; the session cookie does, and the clinic server is asked again.
 */
import type { User } from "#model/user.ts";
import { createStore, type StoreApi } from "zustand/vanilla";

export type SessionState =
  | { status: "unknown"; user: null }
  | { status: "out"; user: null }
  | { status: "in"; user: User }
  | { status: "expired"; user: User }
  | { status: "kept"; user: User };

export type SessionStore = StoreApi<SessionState>;

export function createSessionStore(): SessionStore {
  return createStore<SessionState>(() => ({ status: "unknown", user: null }));
}

/** The clinic server said 401: a signed-in tab becomes `expired`, any other `out`; a `kept` one knew it before. */
export function expireSession(store: SessionStore): void {
  const { user, status } = store.getState();
  if (status === "kept") return;
  store.setState(user === null ? { status: "out", user: null } : { status: "expired", user }, true);
}

/** Is this the same person as before? A different one must not take over what is on screen. */
export function enterSession(store: SessionStore, user: User): "entered" | "other_user" {
  const before = store.getState().user;
  if (before !== null && before.id !== user.id) return "other_user";
  store.setState({ status: "in", user }, true);
  return "entered";
}

/** Goes on as a person whom this device knows, without a session at the clinic server. */
export function goOnWithout(store: SessionStore, user: User): void {
  store.setState({ status: "kept", user }, true);
}

export function leaveSession(store: SessionStore): void {
  store.setState({ status: "out", user: null }, true);
}
