/** Keys that rest wrapped with the clinic server's public key (keys.ts). In: whose they are, or the plain key. Out: a key to seal with. */
import type { StoredWrapped, Wrapping } from "./keys.ts";

/** The label binds the wrapped key to visit and clinician: the clinic server opens it for nobody else. */
export async function makeWrapped(
  visitId: string,
  { clinicianId, keyId, publicKeySpki }: Wrapping,
): Promise<{ key: CryptoKey; stored: StoredWrapped }> {
  const spki = Uint8Array.from(atob(publicKeySpki), (letter) => letter.codePointAt(0) ?? 0);
  const publicKey = await crypto.subtle.importKey("spki", spki, { name: "RSA-OAEP", hash: "SHA-256" }, false, [
    "encrypt",
  ]);
  const plain = crypto.getRandomValues(new Uint8Array(32));
  const label = new TextEncoder().encode(`${visitId}/${clinicianId}`);
  const wrapped = await crypto.subtle.encrypt({ name: "RSA-OAEP", label }, publicKey, plain);
  return { key: await importKey(plain), stored: { clinicianId, keyId, wrapped } };
}

/** Not extractable any more; the bytes are cleared. */
export async function importKey(plain: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const key = await crypto.subtle.importKey("raw", plain, "AES-GCM", false, ["encrypt", "decrypt"]);
  plain.fill(0);
  return key;
}
