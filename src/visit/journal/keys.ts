/**
 * One AES-256 key per visit, not extractable. A clinic chooses where it rests: in this browser, or wrapped with the clinic server's
 * public key, and then the plain key is in memory only, and after a crash the clinic server has to unwrap it. Removing a key makes
 * the audio unreadable for good.
 */
import { openDB, type DBSchema } from "idb";
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
  /** The visits that have a key here. */
  visits(): Promise<string[]>;
};

export type LockedKey = { visitId: string; clinicianId: string; keyId: string; wrapped: Uint8Array<ArrayBuffer> };

export type KeyStore = Keys & {
  /** Wrapped keys whose plain key is not in memory. */
  locked(): Promise<LockedKey[]>;
  /** Takes the plain key into memory; the bytes are cleared. */
  unlock(visitId: string, plain: Uint8Array<ArrayBuffer>): Promise<void>;
};

type StoredWrapped = { clinicianId: string; keyId: string; wrapped: ArrayBuffer };

interface KeySchema extends DBSchema {
  keys: { key: string; value: CryptoKey };
  wrapped: { key: string; value: StoredWrapped };
}

/** Version 1: `keys`, by visit id. Version 2: beside it `wrapped`. */
export async function openKeys(name: string): Promise<KeyStore> {
  const database = await openDB<KeySchema>(name, 2, {
    upgrade: (database, from) => {
      if (from < 1) database.createObjectStore("keys");
      database.createObjectStore("wrapped");
    },
  }).catch((cause: unknown) => {
    throw problem("storage_unavailable", { detail: "key store" }, cause);
  });
  const inMemory = new Map<string, CryptoKey>();
  /** Chromium's default durability loses up to 30 s in a power cut, and a lost key is a lost visit. */
  const change = <S extends "keys" | "wrapped">(store: S) =>
    database.transaction(store, "readwrite", { durability: "strict" });
  return {
    async make(visitId, wrapping) {
      if (wrapping !== null) {
        const { key, stored } = await makeWrapped(visitId, wrapping);
        const transaction = change("wrapped");
        await Promise.all([transaction.store.put(stored, visitId), transaction.done]);
        inMemory.set(visitId, key);
        return key;
      }
      const key = await makeKey();
      const transaction = change("keys");
      await Promise.all([transaction.store.put(key, visitId), transaction.done]);
      return key;
    },
    async read(visitId) {
      const key = inMemory.get(visitId) ?? (await database.get("keys", visitId));
      if (key !== undefined) return key;
      if ((await database.getKey("wrapped", visitId)) !== undefined) return "locked";
      throw problem("storage_unavailable", { detail: "the key is gone" });
    },
    visits: () => database.getAllKeys("keys"),
    async remove(visitId) {
      inMemory.delete(visitId);
      for (const name of ["keys", "wrapped"] as const) {
        const transaction = change(name);
        await Promise.all([transaction.store.delete(visitId), transaction.done]);
      }
    },
    async locked() {
      const ids = (await database.getAllKeys("wrapped")).filter((visitId) => !inMemory.has(visitId));
      const found = ids.map(async (visitId) => toLocked(visitId, await database.get("wrapped", visitId)));
      return (await Promise.all(found)).flat();
    },
    async unlock(visitId, plain) {
      inMemory.set(visitId, await importKey(plain));
    },
  };
}

function toLocked(visitId: string, stored: StoredWrapped | undefined): LockedKey[] {
  return stored ? [{ ...stored, visitId, wrapped: new Uint8Array(stored.wrapped) }] : [];
}

/** The label binds the wrapped key to visit and clinician: the clinic server opens it for nobody else. */
async function makeWrapped(visitId: string, { clinicianId, keyId, publicKeySpki }: Wrapping) {
  const spki = Uint8Array.from(atob(publicKeySpki), (letter) => letter.codePointAt(0) ?? 0);
  const publicKey = await crypto.subtle.importKey("spki", spki, { name: "RSA-OAEP", hash: "SHA-256" }, false, [
    "encrypt",
  ]);
  const plain = crypto.getRandomValues(new Uint8Array(32));
  const label = new TextEncoder().encode(`${visitId}/${clinicianId}`);
  const wrapped = await crypto.subtle.encrypt({ name: "RSA-OAEP", label }, publicKey, plain);
  return { key: await importKey(plain), stored: { clinicianId, keyId, wrapped } };
}

async function importKey(plain: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const key = await crypto.subtle.importKey("raw", plain, "AES-GCM", false, ["encrypt", "decrypt"]);
  plain.fill(0);
  return key;
}

export function makeKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}
