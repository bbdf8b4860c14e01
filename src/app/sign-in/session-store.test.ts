import { expect, test } from "vitest";
import { UserId } from "#model/id.ts";
import type { User } from "#model/user.ts";
import { createSessionStore, enterSession, expireSession, goOnWithout, leaveSession } from "./session-store.ts";

const hale: User = { id: UserId.parse("u-1"), name: "Dr. Hale", role: "clinician" };
const other: User = { id: UserId.parse("u-2"), name: "Dr. Other", role: "clinician" };

test("a 401 while signed in keeps the user, so that the screen can stay", () => {
  const store = createSessionStore();
  enterSession(store, hale);
  expireSession(store);
  expect(store.getState()).toEqual({ status: "expired", user: hale });
});

test("a 401 before anybody signed in is simply signed out", () => {
  const store = createSessionStore();
  expireSession(store);
  expect(store.getState().status).toBe("out");
});

test("another person cannot take over a page whose session expired", () => {
  const store = createSessionStore();
  enterSession(store, hale);
  expireSession(store);
  expect(enterSession(store, other)).toBe("other_user");
  expect(store.getState()).toEqual({ status: "expired", user: hale });
});

test("after leaving, anybody may enter", () => {
  const store = createSessionStore();
  enterSession(store, hale);
  leaveSession(store);
  expect(enterSession(store, other)).toBe("entered");
});

test("who goes on without a session is not thrown out by the next 401, and may sign in", () => {
  const store = createSessionStore();
  goOnWithout(store, hale);
  expireSession(store);
  expect(store.getState()).toEqual({ status: "kept", user: hale });
  expect(enterSession(store, other)).toBe("other_user");
  expect(enterSession(store, hale)).toBe("entered");
  expect(store.getState().status).toBe("in");
});
