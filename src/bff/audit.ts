/** The audit trail: who touched which patient's record, without names or note text. */
import type { Clock } from "#model/clock.ts";
import { firstBreak, firstHash } from "./store/audit-chain.ts";
import type { Audit } from "./context.ts";
import type { Store } from "./store/store.ts";

export function createAudit(clock: Clock): Audit {
  return {
    entry: ({ user, sessionHash }, request, { action, object, patient, outcome }) => ({
      at: clock.now(),
      actor: user.id,
      role: user.role,
      sessionHash,
      ip: request.ip,
      action,
      outcome: outcome ?? "ok",
      patient: patient ?? null,
      object,
      requestId: request.id,
    }),
    background: (actor, { action, object, patient, outcome }) => ({
      at: clock.now(),
      actor: actor.id,
      role: actor.role,
      sessionHash: null,
      ip: null,
      action,
      outcome: outcome ?? "ok",
      patient: patient ?? null,
      object,
      requestId: "background",
    }),
  };
}

/** `brokenAt` is the first row that does not follow from the one before it; `head` is worth keeping elsewhere. */
export type AuditCheck = { intact: boolean; brokenAt: number | null; head: { seq: number; hash: string } };

const page = 5000;

/** Reads the whole trail and checks its chain. */
export async function verifyAudit(store: Store): Promise<AuditCheck> {
  let head = { seq: 0, hash: firstHash };
  for (;;) {
    const rows = await store.query("SELECT * FROM audit WHERE seq > ? ORDER BY seq LIMIT ?", [head.seq, page]);
    const brokenAt = firstBreak(rows, head);
    if (brokenAt !== undefined) return { intact: false, brokenAt, head };
    const last = rows.at(-1);
    if (last === undefined) return { intact: true, brokenAt: null, head };
    head = { seq: Number(last["seq"]), hash: String(last["hash"]) };
  }
}
