/** Where the sealing keys come from: the setting, or a file that is made once beside the database. */
import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "#bff/config.ts";

type Keys = [Uint8Array, ...Uint8Array[]];

/** A clinic that keeps its backups apart from its keys sets CHARTSIDE_SEAL_KEY; the file suits one machine. */
export async function readSealKeys(config: Pick<Config, "CHARTSIDE_SEAL_KEY" | "CHARTSIDE_DATA_DIR">): Promise<Keys> {
  const [first, ...older] = (config.CHARTSIDE_SEAL_KEY ?? (await keyInFile(config.CHARTSIDE_DATA_DIR)))
    .split(",")
    .map((key) => Buffer.from(key.trim(), "base64"));
  if (first === undefined) throw new Error("CHARTSIDE_SEAL_KEY: no key");
  return [first, ...older];
}

async function keyInFile(folder: string): Promise<string> {
  const file = join(folder, "seal.key");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const fresh = randomBytes(32).toString("base64");
  const isNew = await writeFile(file, fresh, { flag: "wx", mode: 0o600 }).then(
    () => true,
    (error: NodeJS.ErrnoException) => refuseUnlessExists(error),
  );
  return isNew ? fresh : readFile(file, "utf8");
}

function refuseUnlessExists(error: NodeJS.ErrnoException): false {
  if (error.code !== "EEXIST") throw error;
  return false;
}
