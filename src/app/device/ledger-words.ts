/** The safety ledger in words: where each visit's audio is, and what it waits for. Pure; the clinic's clock is given. */
import type { HeldVisit, Ledger, LedgerLine, RecordingView } from "#model/recording.ts";
import { durationWords } from "#app/words.ts";
import type { Tone } from "#ui/status-chip.tsx";

type Waiting = RecordingView["waiting"];

export const waitingWords: Record<NonNullable<Waiting>, string> = {
  network: "Waiting for network",
  sign_in: "Waiting for sign-in",
  server: "Waiting for the clinic server",
  scribe: "Waiting for the scribe",
  end: "Sent in one piece when the recording ends",
};

export type Place = { tone: Tone; words: string };

/** Where a visit stands on its way off this device. `isRunning`: it is being recorded in this window. */
export function placeOf(visit: HeldVisit, { isRunning, waiting }: { isRunning: boolean; waiting: Waiting }): Place {
  if (isRunning) return { tone: "live", words: "Being recorded now" };
  if (!visit.finished) return { tone: "warn", words: "Cut off: finish it to get a note" };
  if (visit.signedAt !== null && isAllReceived(visit)) return { tone: "good", words: "Received and signed" };
  if (isAllReceived(visit)) return { tone: "good", words: "Received by the scribe" };
  return waiting === null ? { tone: "info", words: "Sending" } : { tone: "warn", words: waitingWords[waiting] };
}

export function isAllReceived(visit: Pick<HeldVisit, "finished" | "chunksCut" | "chunksReceived">): boolean {
  return visit.finished && visit.chunksCut > 0 && visit.chunksReceived >= visit.chunksCut;
}

/** Why its audio is still here, in a sentence. */
export function whyHere(visit: HeldVisit, retentionDays: number): string {
  if (!isAllReceived(visit)) return "It stays here until the scribe has all of it and the note is signed.";
  if (visit.signedAt === null) return "The scribe has all of it. It stays here until the note is signed.";
  if (retentionDays === 0) return "The note is signed: it is erased now.";
  const days = retentionDays === 1 ? "1 day" : `${retentionDays} days`;
  return `The note is signed. The clinic keeps audio for ${days} after that, then it is erased here by itself.`;
}

/** `Piece 31 of 47 has waited since 10:41`; undefined when nothing waits. */
export function stuckWords(lines: readonly LedgerLine[], at: (instantMs: number) => string): string | undefined {
  const stuck = lines.find((line) => line.receivedAt === null);
  if (stuck === undefined) return undefined;
  return `Piece ${stuck.sequence + 1} of ${lines.length} has waited since ${at(stuck.cutAt)}`;
}

/** What of the durable audio is not cut into a piece yet, in words; undefined when all is. */
export function uncutWords({ uncutMs }: Pick<Ledger, "uncutMs">): string | undefined {
  return uncutMs < 60 ? undefined : `The newest ${durationWords(uncutMs)} is on the disk and not cut into a piece yet.`;
}

/** Enough of a checksum to compare by eye; the whole is copied. */
export function shortSum(sha256: string): string {
  return `${sha256.slice(0, 8)}…${sha256.slice(-4)}`;
}

export type Totals = { visits: number; bytes: number; unsentMs: number };

export function totalsOf(visits: readonly HeldVisit[]): Totals {
  return {
    visits: visits.length,
    bytes: visits.reduce((sum, visit) => sum + visit.bytesOnDevice, 0),
    unsentMs: visits.reduce((sum, visit) => sum + Math.max(0, visit.durableMs - visit.receivedMs), 0),
  };
}
