import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { firstBreak, firstHash } from "./audit-chain.ts";
import { openDatabase } from "./database.ts";
import { createSqliteStore } from "./sqlite-store.ts";
import { GuardError, type AuditEntry, type Statement } from "./store.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "chartside-store-"));
});
afterEach(() => rm(folder, { recursive: true }));

const role = (user: string, name: string): Statement => ({
  sql: "INSERT INTO roles (user_id, role) VALUES (?, ?)",
  params: [user, name],
});
const change = (user: string, name: string): Statement => ({
  sql: "UPDATE roles SET role = ? WHERE user_id = ?",
  params: [name, user],
  expectRows: 1,
});
const entry = (object: string): AuditEntry => ({
  at: 1,
  actor: "user-1",
  role: "clinician",
  sessionHash: null,
  ip: null,
  action: "C",
  outcome: "ok",
  patient: null,
  object,
  requestId: "request-1",
});

test("five hundred transactions at once are all there after the file is opened again", async () => {
  const file = join(folder, "new", "store.sqlite");
  const store = await createSqliteStore(file);
  await Promise.all(
    Array.from({ length: 500 }, (_, n) => store.transact({ statements: [role(`user-${n}`, "clinician")] })),
  );
  await store.close();
  const again = await createSqliteStore(file);
  expect(await again.query("SELECT count(*) AS n FROM roles")).toEqual([{ n: 500 }]);
  await again.close();
});

test("a failed guard takes back its own transaction, audit rows included, and nobody else's", async () => {
  const store = await createSqliteStore(join(folder, "store.sqlite"));
  const results = await Promise.allSettled([
    store.transact({ statements: [role("a", "clinician")], audit: [entry("a")] }),
    store.transact({ statements: [role("b", "clinician"), change("nobody", "front_desk")], audit: [entry("b")] }),
    store.transact({ statements: [role("a", "clinician")], audit: [entry("twice")] }),
    store.transact({ statements: [role("c", "clinician")], audit: [entry("c")] }),
  ]);
  expect(results.map((result) => result.status)).toEqual(["fulfilled", "rejected", "rejected", "fulfilled"]);
  expect((results[1] as PromiseRejectedResult).reason).toEqual(new GuardError(1));
  expect(await store.query("SELECT user_id FROM roles ORDER BY user_id")).toEqual([{ user_id: "a" }, { user_id: "c" }]);
  const audit = await store.query("SELECT * FROM audit ORDER BY seq");
  expect(audit.map((row) => [row["seq"], row["object"]])).toEqual([
    [1, "a"],
    [2, "c"],
  ]);
  expect(firstBreak(audit, { seq: 0, hash: firstHash })).toBeUndefined();
  await store.close();
});

test("rows come back for RETURNING, and a guard counts them", async () => {
  const store = await createSqliteStore(join(folder, "store.sqlite"));
  const insert = { ...role("a", "clinician"), sql: `${role("a", "").sql} RETURNING user_id`, expectRows: 1 };
  expect(await store.transact({ statements: [insert, change("a", "front_desk")] })).toEqual([[{ user_id: "a" }], []]);
  await store.close();
  await expect(store.query("SELECT 1")).rejects.toThrow("closed");
});

test("each commit reaches the disk before it is confirmed", async () => {
  const database = openDatabase(join(folder, "store.sqlite"));
  expect(database.query("PRAGMA synchronous", [])).toEqual([{ synchronous: 2 }]);
  expect(database.query("PRAGMA journal_mode", [])).toEqual([{ journal_mode: "wal" }]);
  database.close();
});

test("a changed, removed or inserted audit row breaks the chain where it stands", async () => {
  const file = join(folder, "store.sqlite");
  const store = await createSqliteStore(file);
  for (const name of ["a", "b", "c", "d"]) await store.transact({ statements: [], audit: [entry(name)] });
  const rows = await store.query("SELECT * FROM audit ORDER BY seq");
  await store.close();
  const start = { seq: 0, hash: firstHash };
  expect(firstBreak(rows, start)).toBeUndefined();
  expect(
    firstBreak(
      rows.map((row) => (row["seq"] === 2 ? { ...row, actor: "other" } : row)),
      start,
    ),
  ).toBe(2);
  expect(
    firstBreak(
      rows.filter((row) => row["seq"] !== 3),
      start,
    ),
  ).toBe(4);
  expect(firstBreak([...rows, { ...rows[3]!, seq: 5 }], start)).toBe(5);
});

test("a database from a newer version is refused", () => {
  const file = join(folder, "newer.sqlite");
  openDatabase(file).close();
  const sqlite = new DatabaseSync(file);
  sqlite.exec("PRAGMA user_version = 999");
  sqlite.close();
  expect(() => openDatabase(file)).toThrow("newer version");
});
