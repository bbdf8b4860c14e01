/**
 * Sealing what must not be readable in the database: AES-256-GCM, bound to the row it belongs to. Each text names its key, so
 * that keys can be changed: the first key seals, all of them open.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";

export type Seal = {
  seal(text: string, boundTo: string): Uint8Array;
  /** Throws when the key is unknown, or the bytes or the row are not those that were sealed. */
  open(sealed: Uint8Array, boundTo: string): string;
};

const keyIdBytes = 4;
const ivBytes = 12;
const tagBytes = 16;

/** Keys are 32 bytes each. Layout: key id, IV, tag, ciphertext. */
export function createSeal(keys: readonly [Uint8Array, ...Uint8Array[]]): Seal {
  const byId = new Map(keys.map((key) => [keyIdOf(key).toString("hex"), key]));
  if (keys.some((key) => key.length !== 32)) throw new Error("CHARTSIDE_SEAL_KEY: a key has 32 bytes");
  return {
    seal: (text, boundTo) => {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv("aes-256-gcm", keys[0], iv).setAAD(Buffer.from(boundTo));
      const ciphertext = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return Buffer.concat([keyIdOf(keys[0]), iv, cipher.getAuthTag(), ciphertext]);
    },
    open: (sealed, boundTo) => {
      const bytes = Buffer.from(sealed);
      const key = byId.get(bytes.subarray(0, keyIdBytes).toString("hex"));
      if (key === undefined) throw new Error("sealed with a key that is not configured");
      const iv = bytes.subarray(keyIdBytes, keyIdBytes + ivBytes);
      const tag = bytes.subarray(keyIdBytes + ivBytes, keyIdBytes + ivBytes + tagBytes);
      const decipher = createDecipheriv("aes-256-gcm", key, iv, { authTagLength: tagBytes });
      decipher.setAAD(Buffer.from(boundTo)).setAuthTag(tag);
      const text = decipher.update(bytes.subarray(keyIdBytes + ivBytes + tagBytes));
      return Buffer.concat([text, decipher.final()]).toString("utf8");
    },
  };
}

function keyIdOf(key: Uint8Array): Buffer {
  return createHash("sha256").update(key).digest().subarray(0, keyIdBytes);
}
