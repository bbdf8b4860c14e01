/**
 * The key pair by which this server proves itself to OpenEMR without anybody being signed in (SMART Backend Services, RS384). Made once;
 * the private half lies sealed in the data directory, the public one is published and given along at registration.
 */
import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { calculateJwkThumbprint, exportJWK, exportPKCS8, generateKeyPair, type JWK, SignJWT } from "jose";
import { z } from "zod";
import type { Config } from "#bff/config.ts";
import type { Seal } from "./seal.ts";

export const assertionAlgorithm = "RS384";

export type ClientKeys = {
  /** RFC 7517; the public half alone. */
  jwks: { keys: JWK[] };
  /** A signed assertion (RFC 7523) with these claims. */
  sign(claims: Record<string, string | number>): Promise<string>;
};

const Kept = z.object({ keyId: z.string(), privateKeySealed: z.base64() });
type Kept = z.infer<typeof Kept>;

type Needs = { config: Pick<Config, "CHARTSIDE_DATA_DIR">; seal: Seal };

/** Makes the pair when there is none. Two programs that start at once end up with the same one. */
export async function readClientKeys({ config, seal }: Needs): Promise<ClientKeys> {
  const file = join(config.CHARTSIDE_DATA_DIR, "client-key.json");
  const { keyId, privateKeySealed } = (await find(file)) ?? (await make(config.CHARTSIDE_DATA_DIR, file, seal));
  const privateKey = createPrivateKey(seal.open(Buffer.from(privateKeySealed, "base64"), boundTo(keyId)));
  const jwk = { ...(await publicJwk(privateKey)), kid: keyId, use: "sig", alg: assertionAlgorithm };
  const header = { alg: assertionAlgorithm, kid: keyId, typ: "JWT" };
  return {
    jwks: { keys: [jwk] },
    sign: (claims) => new SignJWT(claims).setProtectedHeader(header).sign(privateKey),
  };
}

function publicJwk(privateKey: KeyObject): Promise<JWK> {
  return exportJWK(createPublicKey(privateKey));
}

async function find(file: string): Promise<Kept | undefined> {
  try {
    return Kept.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

async function make(folder: string, file: string, seal: Seal): Promise<Kept> {
  const { privateKey, publicKey } = await generateKeyPair(assertionAlgorithm, {
    modulusLength: 3072,
    extractable: true,
  });
  const keyId = await calculateJwkThumbprint(await exportJWK(publicKey));
  const sealed = seal.seal(await exportPKCS8(privateKey), boundTo(keyId));
  const kept = { keyId, privateKeySealed: Buffer.from(sealed).toString("base64") };
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(file, JSON.stringify(kept), { flag: "wx", mode: 0o600, flush: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    },
  );
  return (await find(file)) ?? kept;
}

function boundTo(keyId: string): string {
  return `client-key:${keyId}`;
}
