/**
 * One AES-256 key per visit, not extractable. A clinic chooses where it rests: in this browser, or wrapped with the clinic server's
 * public key, and then the plain key is in memory only, and after a crash the clinic server has to unwrap it. Removing a key makes
 * the audio unreadable for good.
 */
import { problem } from "#model/problem.ts";
import type { JournalKey } from "#protocol/bff-audio.ts";

/** Whose visit it is, and the key to wrap with. */
export type Wrapping = JournalKey & { clinicianId: string };

export type Keys = {
  /** A new key, durable when this resolves: wrapped where that is given, as it is otherwise. */
  make(visitId: string, wrapping: Wrapping | null): Promise<CryptoKey>;
  /** `storage_unavailable` when the key is gone; "locked" when it is here, but the clinic server has to unwrap it. */
  read(visitId: string): Promise<CryptoKey | "locked">;
  remove(visitId: string): Promise<void>;
  /** The visits whose key can be had here: not those that are locked. */
  visits(): Promise<string[]>;
};

export type LockedKey = { visitId: string; clinicianId: string; keyId: string; wrapped: Uint8Array<ArrayBuffer> };

export type KeyStore = Keys & {
  /** Plain keys of wrapped ones, by visit id; they go with whoever has this store. */
  inMemory: Map<string, CryptoKey>;
  /** Wrapped keys whose plain key is not in memory. */
  locked(): Promise<LockedKey[]>;
  /** Takes the plain key into memory; the bytes are cleared. */
  unlock(visitId: string, plain: Uint8Array<ArrayBuffer>): Promise<void>;
};

export type StoredWrapped = { clinicianId: string; keyId: string; wrapped: ArrayBuffer };

type StoreName = "keys" | "wrapped";

/** Not needed where devices hold their own keys. */
const loadWrapping = () => import("./wrapped-keys.ts");

/** Version 1: `keys`, by visit id. Version 2: beside it `wrapped`. */
export async function openKeys(name: string): Promise<KeyStore> {
  const database = await open(name).catch((cause: unknown) => {
    throw problem("storage_unavailable", { detail: "key store" }, cause);
  });
  const inMemory = new Map<string, CryptoKey>();
  const read = <T>(store: StoreName, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> =>
    answerOf(ask(database.transaction(store).objectStore(store)));
  /** Chromium's default durability loses up to 30 s in a power cut, and a lost key is a lost visit. */
  const change = (store: StoreName, ask: (store: IDBObjectStore) => IDBRequest): Promise<void> => {
    const transaction = database.transaction(store, "readwrite", { durability: "strict" });
    ask(transaction.objectStore(store));
    return endOf(transaction);
  };
  return {
    inMemory,
    async make(visitId, wrapping) {
      if (wrapping !== null) {
        const { makeWrapped } = await loadWrapping();
        const { key, stored } = await makeWrapped(visitId, wrapping);
        await change("wrapped", (store) => store.put(stored, visitId));
        inMemory.set(visitId, key);
        return key;
      }
      const key = await makeKey();
      await change("keys", (store) => store.put(key, visitId));
      return key;
    },
    async read(visitId) {
      const key = inMemory.get(visitId) ?? (await read<CryptoKey | undefined>("keys", (store) => store.get(visitId)));
      if (key !== undefined) return key;
      if ((await read("wrapped", (store) => store.getKey(visitId))) !== undefined) return "locked";
      throw problem("storage_unavailable", { detail: "the key is gone" });
    },
    visits: async () => [...(await read("keys", (store) => store.getAllKeys())).map(String), ...inMemory.keys()],
    async remove(visitId) {
      inMemory.delete(visitId);
      await change("keys", (store) => store.delete(visitId));
      await change("wrapped", (store) => store.delete(visitId));
    },
    async locked() {
      const ids = (await read("wrapped", (store) => store.getAllKeys())).map(String);
      const found = ids
        .filter((visitId) => !inMemory.has(visitId))
        .map(async (visitId) => toLocked(visitId, await read("wrapped", (store) => store.get(visitId))));
      return (await Promise.all(found)).flat();
    },
    async unlock(visitId, plain) {
      inMemory.set(visitId, await (await loadWrapping()).importKey(plain));
    },
  };
}

function open(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 2);
  request.addEventListener("upgradeneeded", ({ oldVersion }) => {
    if (oldVersion < 1) request.result.createObjectStore("keys");
    request.result.createObjectStore("wrapped");
  });
  return answerOf(request);
}

function answerOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new Error("no answer")));
  });
}

function endOf(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.addEventListener("complete", () => resolve());
    transaction.addEventListener("abort", () => reject(transaction.error ?? new Error("aborted")));
  });
}

function toLocked(visitId: string, stored: StoredWrapped | undefined): LockedKey[] {
  return stored ? [{ ...stored, visitId, wrapped: new Uint8Array(stored.wrapped) }] : [];
}

export function makeKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}
