/** One AES-256 key per visit, kept on this device, not extractable. Removing it makes the audio unreadable for good. */
import { openDB, type DBSchema } from "idb";
import { problem } from "#model/problem.ts";

export type Keys = {
  /** A new key, durable when this resolves. */
  make(visitId: string): Promise<CryptoKey>;
  /** `storage_unavailable` when the key is gone; "locked" when it is here, but the clinic server has to unwrap it. */
  read(visitId: string): Promise<CryptoKey | "locked">;
  remove(visitId: string): Promise<void>;
  /** The visits that have a key here. */
  visits(): Promise<string[]>;
};

interface KeySchema extends DBSchema {
  keys: { key: string; value: CryptoKey };
}

/** Version 1: `keys`, by visit id. */
export async function openKeys(name: string): Promise<Keys> {
  const database = await openDB<KeySchema>(name, 1, {
    upgrade: (database) => void database.createObjectStore("keys"),
  }).catch((cause: unknown) => {
    throw problem("storage_unavailable", { detail: "key store" }, cause);
  });
  /** Chromium's default durability loses up to 30 s in a power cut, and a lost key is a lost visit. */
  const change = () => database.transaction("keys", "readwrite", { durability: "strict" });
  return {
    async make(visitId) {
      const key = await makeKey();
      const transaction = change();
      await Promise.all([transaction.store.put(key, visitId), transaction.done]);
      return key;
    },
    async read(visitId) {
      const key = await database.get("keys", visitId);
      if (key === undefined) throw problem("storage_unavailable", { detail: "the key is gone" });
      return key;
    },
    visits: () => database.getAllKeys("keys"),
    async remove(visitId) {
      const transaction = change();
      await Promise.all([transaction.store.delete(visitId), transaction.done]);
    },
  };
}

export function makeKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}
