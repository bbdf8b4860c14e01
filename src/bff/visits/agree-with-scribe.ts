/** The scribe's own list against the count of a part: the last look before an end that cannot be taken back. */
import type { Scribes } from "#bff/scribes/scribes.ts";
import type { Store } from "#bff/store/store.ts";
import { problem } from "#model/problem.ts";
import { dropReceipt } from "./receipts.ts";
import type { Stretch } from "./scribe-jobs.ts";
import { markJob } from "./scribe-jobs.ts";

/**
 * What the scribe does not hold loses its receipt, so that the browser sends it again; a job it no longer knows is lost. Throws
 * `chunks_missing` in both cases.
 */
export async function agreeWithScribe(
  { store, scribes }: { store: Store; scribes: Scribes },
  { job, count }: Stretch,
): Promise<void> {
  const status = await scribes.of(job.service).read(job.job);
  if (status.state === "expired") {
    await store.transact({ statements: [markJob(job, "lost")] });
    throw problem("chunks_missing", { detail: `${count} of ${count}` });
  }
  if (status.state !== "receiving" || status.held === null) return;
  const held = new Set(status.held);
  const absent = Array.from({ length: count }, (_, index) => index).filter((index) => !held.has(index));
  if (absent.length === 0) return;
  await store.transact({ statements: absent.map((index) => dropReceipt(job, job.firstSequence + index)) });
  throw problem("chunks_missing", { detail: `${absent.length} of ${count}` });
}
