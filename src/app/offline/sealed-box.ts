/**
 * A small encrypted place on this device: records in IndexedDB, sealed with AES-256-GCM by a key that no script can take out.
 * Emptying it removes the key first, so that what bytes stay on the disk are readable to nobody. Like every key of a browser it
 * does not stop a person who has the disk (src/decisions/0010-offline-on-a-shared-workstation.md).
 */
import { openDB, type DBSchema, type IDBPDatabase } from "idb";

export type SealedBox = {
  /** undefined when there is none, or it was sealed with a key that is gone. */
  read(name: string): Promise<unknown>;
  /** Dropped when the box was emptied meanwhile: nothing is written for somebody who has left. */
  write(name: string, value: unknown): Promise<void>;
  /** Removes everything and makes a new key. */
  begin(): Promise<void>;
  /** Removes everything, the key first. */
  empty(): Promise<void>;
  /** A plain mark that stays when the box is emptied; it says nothing about anybody. */
  mark(name: string, isSet: boolean): Promise<void>;
  isMarked(name: string): Promise<boolean>;
};

type Sealed = { iv: Uint8Array<ArrayBuffer>; bytes: ArrayBuffer };

interface BoxSchema extends DBSchema {
  keys: { key: string; value: CryptoKey };
  records: { key: string; value: Sealed };
  marks: { key: string; value: true };
}

type Database = IDBPDatabase<BoxSchema>;

const key = "key";

/** Version 1: `keys` (one), `records`, `marks`. Opened at once, and anew at the next call when the browser refuses it. */
export function createSealedBox(name: string): SealedBox {
  let opening: Promise<Database> | undefined;
  const open = (): Promise<Database> => {
    opening ??= openBox(name).catch((thrown: unknown) => {
      opening = undefined;
      throw thrown;
    });
    return opening;
  };
  open().catch(() => undefined); // heard by the first call
  return {
    read: async (name) => unseal(await open(), name),
    write: async (name, value) => writeSealed(await open(), name, value),
    begin: async () => {
      const database = await open();
      const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
      const change = database.transaction(["keys", "records"], "readwrite", { durability: "strict" });
      await Promise.all([
        change.objectStore("keys").put(fresh, key),
        change.objectStore("records").clear(),
        change.done,
      ]);
    },
    empty: async () => {
      const database = await open();
      const change = database.transaction(["keys", "records"], "readwrite", { durability: "strict" });
      await Promise.all([change.objectStore("keys").clear(), change.objectStore("records").clear(), change.done]);
    },
    mark: async (name, isSet) => {
      const database = await open();
      await (isSet ? database.put("marks", true, name) : database.delete("marks", name));
    },
    isMarked: async (name) => (await (await open()).get("marks", name)) === true,
  };
}

function openBox(name: string): Promise<Database> {
  return openDB<BoxSchema>(name, 1, {
    upgrade: (database) => {
      database.createObjectStore("keys");
      database.createObjectStore("records");
      database.createObjectStore("marks");
    },
  });
}

/** The record's name is sealed with it: one record cannot stand in for another. */
function sealing(name: string, iv: Uint8Array<ArrayBuffer>): AesGcmParams {
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(name) };
}

async function unseal(database: Database, name: string): Promise<unknown> {
  const [held, sealed] = await Promise.all([database.get("keys", key), database.get("records", name)]);
  if (held === undefined || sealed === undefined) return undefined;
  try {
    const bytes = await crypto.subtle.decrypt(sealing(name, sealed.iv), held, sealed.bytes);
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

async function writeSealed(database: Database, name: string, value: unknown): Promise<void> {
  const held = await database.get("keys", key);
  if (held === undefined) return;
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const bytes = await crypto.subtle.encrypt(sealing(name, iv), held, new TextEncoder().encode(JSON.stringify(value)));
  const change = database.transaction(["keys", "records"], "readwrite");
  const isThere = (await change.objectStore("keys").count()) > 0;
  if (isThere) await change.objectStore("records").put({ iv, bytes }, name);
  await change.done;
}
