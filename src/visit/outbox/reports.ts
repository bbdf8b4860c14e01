/**
 * Tells the clinic server what this device holds of a visit, so that other devices can say where the audio is. At most every 30 s
 * a visit, beside the chunks and never before them; a report that gets lost is made good by the next one.
 */
import type { Clock } from "#model/clock.ts";
import type { VisitId } from "#model/id.ts";
import type { OutboxVisit } from "./drain.ts";
import type { Requests } from "./requests.ts";

const betweenMs = 30_000;

export type Reports = {
  /** After a step that went well. `isLast`: nothing more will be sent, so it is told whatever the time. */
  told(visit: OutboxVisit, isLast: boolean): void;
};

export function createReports(requests: Pick<Requests, "report">, clock: Clock): Reports {
  const last = new Map<VisitId, number>();
  return {
    told({ visitId, create, durableMs, chunks }, isLast) {
      const now = clock.now();
      if (!isLast && now - (last.get(visitId) ?? Number.NEGATIVE_INFINITY) < betweenMs) return;
      last.set(visitId, now);
      const report = { device: create.device, durableMs, chunksCut: chunks.length, at: new Date(now).toISOString() };
      requests.report(visitId, report).catch(() => last.delete(visitId));
    },
  };
}
