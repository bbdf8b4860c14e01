/**
 * An audio file becomes a visit: it goes through the same journal as a recording, so that it is durable, cut, sent and erased in the
 * same way. What fails or is cancelled half way leaves nothing behind.
 */
import type { NewVisit } from "#app/visit-session-port.ts";
import type { VaultClient } from "#app/vault-client.ts";
import type { Clock } from "#model/clock.ts";
import type { VisitId } from "#model/id.ts";
import { problem } from "#model/problem.ts";

export type Imports = {
  /**
   * Resolves when the whole file is in the journal. `file_unreadable`, `file_without_audio`, `file_too_short`, `cancelled`, and
   * what the journal refuses.
   */
  importFile(visit: NewVisit, file: File, onProgress: (share: number) => void): Promise<void>;
  /** Resolves when nothing of the visit is left; false when it is not being imported. */
  cancel(visitId: VisitId): Promise<boolean>;
};

export type ImportParts = { vault: VaultClient; clock: Clock };

const mimeType = "audio/webm;codecs=opus";

export function createImports(parts: ImportParts): Imports {
  const running = new Map<VisitId, { stop: AbortController; done: Promise<void> }>();
  return {
    importFile: async (visit, file, onProgress) => {
      const { visitId } = visit;
      if (running.has(visitId)) throw problem("conflict", { detail: "is being imported" });
      const stop = new AbortController();
      const done = importInto(parts, visit, { file, onProgress, signal: stop.signal });
      running.set(visitId, { stop, done });
      await done.finally(() => running.delete(visitId));
    },
    cancel: async (visitId) => {
      const found = running.get(visitId);
      found?.stop.abort();
      await found?.done.catch(() => undefined);
      return found !== undefined;
    },
  };
}

type Source = { file: File; onProgress: (share: number) => void; signal: AbortSignal };

async function importInto(parts: ImportParts, visit: NewVisit, { file, onProgress, signal }: Source): Promise<void> {
  const { vault, clock } = parts;
  const { visitId, create, header } = visit;
  const { openAudio } = await import("./open-audio.ts");
  const read = await openAudio(file);
  await vault.call("import", { create, header: { ...header, mimeType } });
  try {
    const { recording } = await vault.call("record", { visitId, mimeType });
    const onPiece = async ({ buffer }: Uint8Array<ArrayBuffer>): Promise<void> => {
      await vault.call("append", { visitId, recording, bytes: buffer, capturedAt: clock.now(), levels: [] });
    };
    await read({ onPiece, onProgress, signal });
    if (signal.aborted) throw problem("cancelled");
    await vault.call("close", { visitId });
    onProgress(1);
  } catch (thrown) {
    await vault.call("discard", { visitId, reason: "discarded" });
    throw thrown;
  }
}
