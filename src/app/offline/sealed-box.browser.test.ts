import { openDB } from "idb";
import { expect, test } from "vitest";
import { createSealedBox } from "./sealed-box.ts";

const fresh = () => `test-${crypto.randomUUID()}`;

/** Everything that lies in the database, as text. */
async function onDisk(name: string): Promise<string> {
  const database = await openDB(name);
  const records: unknown[] = await database.getAll("records");
  database.close();
  const bytes = records.flatMap((record) => Object.values(record as Record<string, ArrayBuffer | Uint8Array>));
  return bytes.map((part) => new TextDecoder("latin1").decode(part)).join("\n");
}

test("what is written is read again by another page, and lies on the disk unreadable", async () => {
  const name = fresh();
  const box = createSealedBox(name);
  await box.begin();
  await box.write("answers", { patient: "Ada Quill" });
  expect(await createSealedBox(name).read("answers")).toEqual({ patient: "Ada Quill" });
  expect((await onDisk(name)).length).toBeGreaterThan(20);
  expect(await onDisk(name)).not.toContain("Quill");
});

test("the key cannot be taken out by a script", async () => {
  const name = fresh();
  await createSealedBox(name).begin();
  const database = await openDB(name);
  const [key] = (await database.getAll("keys")) as CryptoKey[];
  database.close();
  expect(key?.extractable).toBe(false);
  await expect(crypto.subtle.exportKey("raw", key!)).rejects.toThrow();
});

test("emptied, nothing is readable, and nothing is written for somebody who has left", async () => {
  const name = fresh();
  const box = createSealedBox(name);
  await box.begin();
  await box.write("session", { user: "hale" });
  const late = box.write("answers", { patient: "Ada Quill" });
  await box.empty();
  await late;
  await box.write("answers", { patient: "Ada Quill" });
  expect(await box.read("session")).toBeUndefined();
  expect(await box.read("answers")).toBeUndefined();
  expect(await onDisk(name)).toBe("");
});

test("what was sealed for one person is not readable for the next, nor one record as another", async () => {
  const name = fresh();
  const box = createSealedBox(name);
  await box.begin();
  await box.write("session", { user: "hale" });
  const database = await openDB(name);
  const sealed: unknown = await database.get("records", "session");
  await database.put("records", sealed, "answers");
  expect(await box.read("answers")).toBeUndefined();
  await box.begin();
  await database.put("records", sealed, "session");
  database.close();
  expect(await box.read("session")).toBeUndefined();
});

test("a mark outlives emptying", async () => {
  const name = fresh();
  const box = createSealedBox(name);
  await box.begin();
  await box.mark("owed", true);
  await box.empty();
  expect(await createSealedBox(name).isMarked("owed")).toBe(true);
  await box.mark("owed", false);
  expect(await box.isMarked("owed")).toBe(false);
});
