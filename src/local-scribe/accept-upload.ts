import { createHash } from "node:crypto";
import { type AudioFile, openAudioFile } from "./decode/audio-file.ts";
import { longestChunkMs, maxChunkSeconds } from "./models.ts";
import { Refusal } from "./refusal.ts";
import type { AudioFiles } from "./store/audio-files.ts";
import type { StoredChunk } from "./store/chunks.ts";
import type { Session } from "./store/session.ts";

export type Upload = {
  place: number;
  /** As the client named it; absent: `audio_{place}.{webm|wav}`. */
  fileName: string | undefined;
  bytes: Uint8Array;
  /** A whole recording in one file may be longer than a chunk. */
  single: boolean;
};

export type Acceptance = { chunk: StoredChunk; isNew: boolean };

/**
 * Checks an upload against what the session already holds and puts its bytes on the disk. The same bytes again are no news; other bytes for a
 * place are `audio_conflict`; after the end nothing new is taken.
 */
export async function acceptUpload(
  session: Session,
  held: StoredChunk[],
  { upload, audio }: { upload: Upload; audio: AudioFiles },
): Promise<Acceptance> {
  const sha256 = createHash("sha256").update(upload.bytes).digest("hex");
  const same = held.find(({ place }) => place === upload.place);
  if (same?.sha256 === sha256) return { chunk: same, isNew: false };
  if (same) throw conflict(same);
  if (session.endedAt !== null) throw new Refusal("session_ended", "Cannot upload audio to an ended session");
  const file = await openAudioFile(upload.bytes);
  refuseTooLong(file, upload);
  await audio.write(session.id, upload.place, upload.bytes);
  return { chunk: toChunk(upload, file, sha256), isNew: true };
}

function toChunk(upload: Upload, file: AudioFile, sha256: string): StoredChunk {
  const fileName = upload.fileName ?? `audio_${upload.place}.${file.kind === "opus" ? "webm" : "wav"}`;
  return { place: upload.place, fileName, sha256, sizeBytes: upload.bytes.length, durationMs: file.durationMs };
}

function conflict(held: StoredChunk): Refusal {
  return new Refusal("audio_conflict", "This place already holds other audio", {
    chunk_index: held.place,
    sha256: held.sha256,
  });
}

function refuseTooLong(file: AudioFile, upload: Upload): void {
  if (upload.single || file.durationMs <= longestChunkMs) return;
  throw new Refusal("chunk_too_large", "The chunk is longer than allowed", {
    chunk_duration_seconds: file.durationMs / 1000,
    max_duration_seconds: maxChunkSeconds,
  });
}
