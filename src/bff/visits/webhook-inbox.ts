/**
 * Notifications of the scribe. In: one signed delivery. Out: the visit it speaks of is looked at now. Its row is durable
 * before the 2xx; a delivery that comes twice is one row. Older dialects put the note into the delivery: only the event and
 * the session's id are kept. The poller asks anyway, so a lost delivery costs time and nothing else.
 */
import { createHash } from "node:crypto";
import type { Store } from "#bff/store/store.ts";
import type { Jobs } from "#bff/context.ts";
import type { Clock } from "#model/clock.ts";
import { problem } from "#model/problem.ts";
import { MsaNotification } from "#protocol/medscribealliance-service.ts";
import { insertRow } from "./insert-row.ts";
import { runningJobs } from "./scribe-jobs.ts";

export type InboxParts = { store: Store; clock: Clock; jobs: Jobs };

/** Resolves when the delivery is kept. Throws `invalid_request` when it names no session. */
export async function takeDelivery({ store, clock, jobs }: InboxParts, body: Uint8Array): Promise<void> {
  const { event, sessionId } = parseNotification(body);
  const now = clock.now();
  const columns = {
    // The protocol has no delivery id: event and session together are one.
    id: createHash("sha256").update(`${event}\n${sessionId}`).digest("hex"),
    service: "medscribealliance",
    received_at: now,
    body: new TextEncoder().encode(JSON.stringify({ event, session_id: sessionId })),
    handled_at: now,
  };
  await store.transact({ statements: [insertRow("webhook_inbox", columns, "id")] });
  for (const { visitId, job } of await runningJobs(store)) if (job.id === sessionId) jobs.watch(visitId);
}

function parseNotification(body: Uint8Array): { event: string; sessionId: string } {
  const parsed = MsaNotification.safeParse(jsonOf(body));
  const sessionId = parsed.data?.session_id ?? parsed.data?.data?.session_id;
  if (!parsed.success || sessionId === undefined) throw problem("invalid_request", { field: "session_id" });
  return { event: parsed.data.event, sessionId };
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
