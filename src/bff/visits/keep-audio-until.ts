/** Until when a visit's audio stays on the device that recorded it. */
import type { Config } from "#bff/config.ts";
import type { VisitRecord } from "./visit-record.ts";

export type Retention = Pick<Config, "CHARTSIDE_AUDIO_RETENTION_DAYS" | "CHARTSIDE_LEGAL_HOLD">;

const dayMs = 24 * 3_600_000;

/**
 * Clock ms from which the audio may go: the clinic's days after signing. Null while it must be kept: the note is not signed, the
 * scribe does not hold every declared chunk, or the visit is on legal hold. Nothing goes by the clock alone.
 */
export function keepAudioUntil(visit: VisitRecord, receivedChunks: number, retention: Retention): number | null {
  if (visit.signedAt === null || retention.CHARTSIDE_LEGAL_HOLD.includes(visit.id)) return null;
  if (visit.declared === null || receivedChunks < visit.declared.length) return null;
  return visit.signedAt + retention.CHARTSIDE_AUDIO_RETENTION_DAYS * dayMs;
}
