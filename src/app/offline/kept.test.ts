import { expect, test } from "vitest";
import { UserId } from "#model/id.ts";
import type { User } from "#model/user.ts";
import type { Bootstrap } from "#protocol/bff.ts";
import { createKept, type KeptSession } from "./kept.ts";
import type { SealedBox } from "./sealed-box.ts";

const hale: User = { id: UserId.parse("hale"), name: "Nora Hale", role: "clinician" };
const okafor: User = { id: UserId.parse("okafor"), name: "Ife Okafor", role: "clinician" };
const desk: User = { id: UserId.parse("desk"), name: "Sam Desk", role: "front_desk" };

const bootstrap: Bootstrap = {
  clinic: { name: "Clinic", timeZone: "America/New_York" },
  now: "2026-11-21T10:00:00.000Z",
  oidc: { authority: "a", authorizationEndpoint: "https://emr.example/a", clientId: "c" },
  consent: { textVersion: "v1", text: "t", script: "s" },
  workstationIdleMs: 300_000,
  journalKeys: "device",
  journalPublicKey: null,
  maxChunkMs: 19_000,
  audioRetentionDays: 0,
  upstreams: { openemr: "up", scribe: "up" },
  demo: null,
};

function memoryBox(): SealedBox & { records: Map<string, unknown>; marks: Set<string>; isOpen: boolean } {
  const box = {
    records: new Map<string, unknown>(),
    marks: new Set<string>(),
    isOpen: false,
    read: async (name: string) => box.records.get(name),
    write: async (name: string, value: unknown) => {
      if (box.isOpen) box.records.set(name, value);
    },
    begin: async () => {
      box.records.clear();
      box.isOpen = true;
    },
    empty: async () => {
      box.records.clear();
      box.isOpen = false;
    },
    mark: async (name: string, isSet: boolean) => void (isSet ? box.marks.add(name) : box.marks.delete(name)),
    isMarked: async (name: string) => box.marks.has(name),
  };
  return box;
}

const sessionOf = (user: User, expiresAt = 10_000): KeptSession => ({
  user,
  expiresAt,
  bootstrap,
  clockOffsetMs: 1000,
  seenAt: 0,
});
const list = [{ key: ["visits"], value: { visits: [] }, at: 5 }];

test("the session and the lists are there after a restart, until the session's time is over by the clinic's clock", async () => {
  const box = memoryBox();
  const first = createKept(box, () => 0);
  await first.keepSession(sessionOf(hale));
  await first.keepAnswers(hale.id, list);

  const again = createKept(box, () => 8999);
  await again.read();
  expect(again.store.getState()).toEqual({ session: sessionOf(hale), answers: list });

  const late = createKept(box, () => 9000);
  await late.read();
  expect(late.store.getState()).toEqual({ session: undefined, answers: [] });
  expect(box.records.size).toBe(0);
  expect(box.isOpen).toBe(false);
});

test("another clinician's sign-in erases what was kept; theirs alone is kept, and only under their name", async () => {
  const box = memoryBox();
  const kept = createKept(box, () => 0);
  await kept.keepSession(sessionOf(hale));
  await kept.keepAnswers(hale.id, list);
  await kept.keepSession(sessionOf(okafor));
  expect(kept.store.getState().answers).toEqual([]);
  expect([...box.records.keys()]).toEqual(["session"]);
  // A list that was still on its way for the one who left.
  await kept.keepAnswers(hale.id, list);
  expect(box.records.has("answers")).toBe(false);
});

test("the same clinician's next session keeps the lists, and input is noted", async () => {
  const kept = createKept(memoryBox(), () => 0);
  await kept.keepSession(sessionOf(hale));
  await kept.keepAnswers(hale.id, list);
  await kept.keepSession(sessionOf(hale, 20_000));
  await kept.seen(777);
  expect(kept.store.getState()).toMatchObject({ session: { expiresAt: 20_000, seenAt: 777 }, answers: list });
});

test("nothing of the front desk is kept, and nothing after a sign-out", async () => {
  const box = memoryBox();
  const kept = createKept(box, () => 0);
  await kept.keepSession(sessionOf(desk));
  expect(box.records.size).toBe(0);
  await kept.keepSession(sessionOf(hale));
  await kept.erase();
  await kept.keepAnswers(hale.id, list);
  await kept.seen(1);
  expect(box.records.size).toBe(0);
  expect(kept.store.getState().session).toBeUndefined();
});

test("a sign-out that the server has not heard of is remembered when all else is erased", async () => {
  const box = memoryBox();
  const kept = createKept(box, () => 0);
  await kept.oweSignOut(true);
  await kept.erase();
  expect(await createKept(box).owesSignOut()).toBe(true);
  await kept.oweSignOut(false);
  expect(await kept.owesSignOut()).toBe(false);
});

test("a browser that keeps nothing, and a record of another shape, are as if nothing were kept", async () => {
  const refusing = new Proxy({} as SealedBox, { get: () => async () => Promise.reject(new Error("private window")) });
  const kept = createKept(refusing, () => 0);
  await kept.read();
  await kept.keepSession(sessionOf(hale));
  await kept.erase();
  expect(await kept.owesSignOut()).toBe(false);
  const box = memoryBox();
  box.records.set("session", { user: hale, expiresAt: "never" });
  const strange = createKept(box, () => 0);
  await strange.read();
  expect(strange.store.getState().session).toBeUndefined();
});
