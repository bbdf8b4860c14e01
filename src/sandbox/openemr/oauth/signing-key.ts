/** The one RSA key of the site, made at the first start and kept with the chart. */
import { createPrivateKey, createPublicKey, generateKeyPair } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { SignJWT, jwtVerify } from "jose";
import type { JWTPayload } from "jose";
import type { Settings } from "#sandbox/openemr/chart.ts";

export type SigningKey = {
  private: KeyObject;
  public: KeyObject;
  jwk: { kty: string; n: string; e: string; use: "sig" };
};

const makeKeyPair = promisify(generateKeyPair);

export async function loadSigningKey(settings: Settings): Promise<SigningKey> {
  const kept = settings.get("signing-key") ?? (await makeKey());
  settings.set("signing-key", kept);
  const privateKey = createPrivateKey(kept);
  const publicKey = createPublicKey(privateKey);
  const { n = "", e = "" } = publicKey.export({ format: "jwk" });
  return { private: privateKey, public: publicKey, jwk: { kty: "RSA", n, e, use: "sig" } };
}

async function makeKey(): Promise<string> {
  const { privateKey } = await makeKeyPair("rsa", { modulusLength: 2048 });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

export function sign(key: SigningKey, claims: JWTPayload): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ typ: "JWT", alg: "RS256" }).sign(key.private);
}

/** The claims of a token that this site signed and that has not expired, else undefined. */
export async function verify(key: SigningKey, token: string, nowMs: number): Promise<JWTPayload | undefined> {
  // Times in access tokens have fractions of a second, the library counts whole ones: a fresh token would not be valid yet.
  const currentDate = new Date(Math.ceil(nowMs / 1000) * 1000);
  try {
    const { payload } = await jwtVerify(token, key.public, { algorithms: ["RS256"], currentDate });
    return payload;
  } catch {
    return undefined;
  }
}
