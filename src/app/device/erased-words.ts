/** Deletion receipts in words. Pure. */
import type { VisitId } from "#model/id.ts";
import type { DeletionReceipt } from "#model/recording.ts";
import { durationWords } from "#app/words.ts";

export const reasonWords: Record<DeletionReceipt["reason"], string> = {
  signed: "The note is signed",
  retention: "The clinic's days after signing were over",
  discarded: "Discarded by a person",
  withdrawn: "Consent was withdrawn",
};

/** Enough of a visit's number to find it in the audit trail. */
export function shortVisit(visitId: VisitId): string {
  return visitId.slice(0, 8);
}

/** `12:34 in 47 pieces`; before its first piece was cut a recording had a length only. */
export function lengthWords({ durationMs, chunks }: Pick<DeletionReceipt, "durationMs" | "chunks">): string {
  if (chunks === 0) return durationMs === 0 ? "No sound" : durationWords(durationMs);
  return `${durationWords(durationMs)} in ${chunks === 1 ? "1 piece" : `${chunks} pieces`}`;
}

export function toldWords({ isTold }: Pick<DeletionReceipt, "isTold">): string {
  return isTold ? "Knows of it" : "Not told yet";
}
