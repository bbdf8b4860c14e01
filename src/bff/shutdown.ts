/**
 * Stopping (design/backend.md, Shutdown): not ready any more; a pause in which a load balancer notices, if one is watching;
 * then no new connections, streams told to come back, running requests finished, the store closed.
 */
import { setTimeout as waitMs } from "node:timers/promises";
import type { Log } from "./context.ts";
import { errorFields } from "./log.ts";
import type { Readiness } from "./readiness.ts";

export type Stoppable = { parts: { readiness: Pick<Readiness, "drain" | "isWatched"> }; close(): Promise<void> };
export type Wait = (ms: number) => Promise<unknown>;

const noticeMs = 5_000;
const finishMs = 30_000;

/** Never rejects; what has not ended after 30 s is cut off. */
export async function stopCleanly({ parts, close }: Stoppable, log: Log, wait: Wait = waitMs): Promise<void> {
  parts.readiness.drain();
  if (parts.readiness.isWatched()) await wait(noticeMs);
  const late = wait(finishMs).then(() => log.warn({}, "requests were cut off"));
  await Promise.race([
    close().catch((thrown: unknown) => log.error(errorFields(thrown), "stopping was not clean")),
    late,
  ]);
}
