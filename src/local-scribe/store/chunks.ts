import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";

const ChunkRow = z.object({
  place: z.number(),
  fileName: z.string(),
  sha256: z.string(),
  sizeBytes: z.number(),
  durationMs: z.number(),
});
export type StoredChunk = z.infer<typeof ChunkRow>;

const columns = `place, file_name AS "fileName", sha256, size_bytes AS "sizeBytes", duration_ms AS "durationMs"`;

export type ChunkStore = {
  addChunk(sessionId: string, chunk: StoredChunk): void;
  /** In order of their place. */
  chunks(sessionId: string): StoredChunk[];
};

export function createChunkStore(database: DatabaseSync): ChunkStore {
  const insert = database.prepare("INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?)");
  const select = database.prepare(`SELECT ${columns} FROM chunks WHERE session_id = ? ORDER BY place`);
  return {
    addChunk(sessionId, chunk) {
      insert.run(sessionId, chunk.place, chunk.fileName, chunk.sha256, chunk.sizeBytes, chunk.durationMs);
    },
    chunks: (sessionId) => select.all(sessionId).map((row) => ChunkRow.parse(row)),
  };
}
