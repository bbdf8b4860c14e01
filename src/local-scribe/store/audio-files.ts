import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";

/** The bytes of chunks, one file each: `audio/{session}/{place}`. */
export type AudioFiles = {
  /** Resolves when the bytes and their name are on the disk; an earlier file of this place is replaced. */
  write(sessionId: string, place: number, bytes: Uint8Array): Promise<void>;
  read(sessionId: string, place: number): Promise<Uint8Array>;
  /** Removes everything of a session, unless finished audio is kept here. */
  erase(sessionId: string): Promise<void>;
};

export function createAudioFiles(dataDir: string, { keeps = false }: { keeps?: boolean } = {}): AudioFiles {
  const root = join(dataDir, "audio");
  return {
    async write(sessionId, place, bytes) {
      const directory = join(root, sessionId);
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const draft = join(directory, `${place}.${randomUUID()}`);
      await withSync(draft, "w", (file) => file.writeFile(bytes));
      await rename(draft, join(directory, String(place)));
      for (const path of [directory, root, dataDir]) await withSync(path, "r", async () => undefined);
    },
    read: (sessionId, place) => readFile(join(root, sessionId, String(place))),
    erase: async (sessionId) => {
      if (!keeps) await rm(join(root, sessionId), { recursive: true, force: true });
    },
  };
}

type OpenFile = Awaited<ReturnType<typeof open>>;

async function withSync(path: string, flags: "w" | "r", work: (file: OpenFile) => Promise<void>): Promise<void> {
  const file = await open(path, flags, 0o600);
  try {
    await work(file);
    await file.sync();
  } finally {
    await file.close();
  }
}
