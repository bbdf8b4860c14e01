/**
 * The key pairs that wrap the keys of audio on the devices (RSA-OAEP, 3072 bits, SHA-256). The private halves lie sealed in the data
 * directory. The newest pair wraps; every pair that was ever made unwraps, also after the clinic went back to keys on the device.
 */
import { constants, createHash, generateKeyPair, privateDecrypt } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import type { Config } from "#bff/config.ts";
import type { Clock } from "#model/clock.ts";
import { problem } from "#model/problem.ts";
import type { JournalKey } from "#protocol/bff-audio.ts";
import type { Seal } from "./seal.ts";

export type WrappedKey = { keyId: string; wrapped: Uint8Array; label: string };

export type JournalKeys = {
  /** What new visits are wrapped with; null where devices hold their own keys. */
  current: JournalKey | null;
  /** Throws `not_found` for an unknown pair, `forbidden` for bytes that were not wrapped under this label. */
  unwrap(wrapped: WrappedKey): Uint8Array;
};

const Pair = z.object({
  keyId: z.string(),
  madeAt: z.number(),
  publicKeySpki: z.base64(),
  privateKeySealed: z.base64(),
});
type Pair = z.infer<typeof Pair>;

type Needs = {
  config: Pick<Config, "CHARTSIDE_DATA_DIR" | "CHARTSIDE_JOURNAL_KEYS" | "CHARTSIDE_JOURNAL_KEY_DAYS">;
  seal: Seal;
  clock: Clock;
};

const dayMs = 24 * 3_600_000;

/** Makes a pair when the clinic wants wrapped keys and there is none that is young enough. */
export async function readJournalKeys({ config, seal, clock }: Needs): Promise<JournalKeys> {
  const file = join(config.CHARTSIDE_DATA_DIR, "journal-keys.json");
  const isWrapped = config.CHARTSIDE_JOURNAL_KEYS === "wrapped";
  let pairs = await readPairs(file);
  const youngerThan = clock.now() - config.CHARTSIDE_JOURNAL_KEY_DAYS * dayMs;
  if (isWrapped && !pairs.some(({ madeAt }) => madeAt > youngerThan)) {
    pairs = [await makePair(seal, clock.now()), ...pairs];
    await writePairs(config.CHARTSIDE_DATA_DIR, file, pairs);
  }
  const [newest] = pairs;
  const current = isWrapped && newest ? { keyId: newest.keyId, publicKeySpki: newest.publicKeySpki } : null;
  return { current, unwrap: (wrapped) => unwrap(pairs, seal, wrapped) };
}

function unwrap(pairs: readonly Pair[], seal: Seal, { keyId, wrapped, label }: WrappedKey): Uint8Array {
  const pair = pairs.find((candidate) => candidate.keyId === keyId);
  if (pair === undefined) throw problem("not_found", { field: "keyId" });
  const key = seal.open(Buffer.from(pair.privateKeySealed, "base64"), boundTo(keyId));
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  try {
    return privateDecrypt({ key, padding, oaepHash: "sha256", oaepLabel: Buffer.from(label) }, wrapped);
  } catch (cause) {
    throw problem("forbidden", { field: "wrapped" }, cause);
  }
}

async function makePair(seal: Seal, madeAt: number): Promise<Pair> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)("rsa", {
    modulusLength: 3072,
    publicKeyEncoding: { type: "spki", format: "der" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const keyId = createHash("sha256").update(publicKey).digest("hex").slice(0, 16);
  const sealed = seal.seal(privateKey, boundTo(keyId));
  return {
    keyId,
    madeAt,
    publicKeySpki: publicKey.toString("base64"),
    privateKeySealed: Buffer.from(sealed).toString("base64"),
  };
}

function boundTo(keyId: string): string {
  return `journal-key:${keyId}`;
}

async function readPairs(file: string): Promise<Pair[]> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "[]";
    throw error;
  });
  return z.array(Pair).parse(JSON.parse(text));
}

/** Whole or not at all: a lost pair would lose the audio it wrapped. */
async function writePairs(folder: string, file: string, pairs: Pair[]): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(`${file}.new`, JSON.stringify(pairs), { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
}
