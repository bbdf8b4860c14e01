/**
 * Which job takes a chunk. A job takes audio up to 80 % of what its service allows for a session, in audio and by the clock; the
 * next chunk then begins the next part. Decided by the rows alone, so that a crash in between changes nothing.
 */
import { z } from "zod";
import type { Store } from "#bff/store/store.ts";
import type { Clock } from "#model/clock.ts";
import { problem } from "#model/problem.ts";
import type { JobRecord } from "./scribe-jobs.ts";
import { markJob, stretchesOf } from "./scribe-jobs.ts";

const share = 0.8;

export type NewChunk = { sequence: number; durationMs: number };
/** An open job, or the place of one that must be opened. */
export type Taker = { job: JobRecord } | { part: number; firstSequence: number };

/** `jobs` are the visit's current ones. Throws `conflict` for a chunk that comes after its part was ended. */
export async function takerOf(
  parts: { store: Store; clock: Clock },
  jobs: readonly JobRecord[],
  chunk: NewChunk,
): Promise<Taker> {
  const job = jobs.findLast(({ firstSequence }) => firstSequence <= chunk.sequence);
  if (job === undefined) return { part: 1, firstSequence: 0 };
  if (job.state === "lost") return { part: job.part, firstSequence: job.firstSequence };
  const isLast = job === jobs.at(-1);
  if (isLast && (job.state !== "open" || (await isDue(parts, job, chunk)))) {
    return { part: job.part + 1, firstSequence: chunk.sequence };
  }
  if (job.state === "open") return { job };
  throw problem("conflict", { field: "sequence", detail: `part ${job.part} is ${job.state}` });
}

/** Audio of this part known so far, of every attempt at this service: after a loss the device still has to send it again. */
async function isDue({ store, clock }: { store: Store; clock: Clock }, job: JobRecord, chunk: NewChunk) {
  const { lastSequence, audioMs } = await audioOf(store, job);
  if (lastSequence === null || chunk.sequence <= lastSequence) return false;
  const { maxSessionMs } = job;
  const isLong = maxSessionMs !== null && audioMs + chunk.durationMs > share * maxSessionMs;
  return isLong || clock.now() - job.createdAt > share * lifeOf(job);
}

/** How long the session may stay open; services count from its creation. */
function lifeOf({ job, createdAt, maxSessionMs }: JobRecord): number {
  const announced = (job.expiresAt ?? createdAt) - createdAt;
  return Math.min(maxSessionMs ?? Number.POSITIVE_INFINITY, announced > 0 ? announced : Number.POSITIVE_INFINITY);
}

const Audio = z
  .object({ last_sequence: z.number().nullable(), audio_ms: z.number() })
  .transform((row) => ({ lastSequence: row.last_sequence, audioMs: row.audio_ms }));

async function audioOf(store: Store, { visitId, part }: JobRecord): Promise<z.output<typeof Audio>> {
  const known = `SELECT MAX(sequence) AS last_sequence, COALESCE(SUM(duration_ms), 0) AS audio_ms FROM (
    SELECT r.sequence, MAX(r.duration_ms) AS duration_ms FROM receipts r
    JOIN scribe_jobs j ON j.visit_id = r.visit_id AND j.attempt = r.attempt
    WHERE r.visit_id = ? AND j.part = ? AND j.state <> 'moved' GROUP BY r.sequence) AS known`;
  const [row] = await store.query(known, [visitId, part]);
  return Audio.parse(row);
}

/**
 * Parts that are not the last and whose chunks are all received are ended; true when there was one. `received` are the
 * sequences with a receipt.
 */
export async function endWholeParts(
  store: Store,
  jobs: readonly JobRecord[],
  received: ReadonlySet<number>,
): Promise<boolean> {
  const earlier = stretchesOf(jobs, 0).slice(0, -1);
  const whole = earlier.filter(({ job, count }) => {
    const isThere = (_: unknown, index: number) => received.has(job.firstSequence + index);
    return job.state === "open" && Array.from({ length: count }, isThere).every(Boolean);
  });
  if (whole.length > 0) await store.transact({ statements: whole.map(({ job }) => markJob(job, "ending")) });
  return whole.length > 0;
}
