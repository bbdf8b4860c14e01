/** The audit trail, for the administrator. Reading it is in it. */
import type { FastifyPluginAsync } from "fastify";
import { z } from "zod";
import { verifyAudit } from "#bff/audit.ts";
import type { Audit, Auth } from "#bff/context.ts";
import type { Row, Store } from "#bff/store/store.ts";
import type { Clock } from "#model/clock.ts";
import { problem } from "#model/problem.ts";
import { AuditRow, type AuditPage } from "#protocol/bff.ts";

export type AuditRouteParts = { auth: Auth; audit: Audit; store: Store; clock: Clock };

const pageSize = 100;
const Query = z.object({ before: z.coerce.number().int().positive().optional() });

/** The whole chain is read to check it, so an answer holds for a minute. */
const checkedForMs = 60_000;

export function auditRoutes({ auth, audit, store, clock }: AuditRouteParts): FastifyPluginAsync {
  let checked: { at: number; intact: Promise<boolean> } | undefined;
  const isIntact = (): Promise<boolean> => {
    const at = clock.now();
    if (checked === undefined || at - checked.at >= checkedForMs) {
      checked = { at, intact: verifyAudit(store).then(({ intact }) => intact) };
    }
    return checked.intact;
  };
  return async (app) => {
    app.get("/api/audit", async (request): Promise<z.infer<typeof AuditPage>> => {
      const principal = await auth.require(request, ["administrator"]);
      const query = Query.safeParse(request.query);
      if (!query.success) throw problem("invalid_request", { field: "before" });
      const entry = audit.entry(principal, request, { action: "R", object: "audit" });
      await store.transact({ statements: [], audit: [entry] });
      const before = query.data.before ?? Number.MAX_SAFE_INTEGER;
      const sql = "SELECT * FROM audit WHERE seq < ? ORDER BY seq DESC LIMIT ?";
      const rows = await store.query(sql, [before, pageSize]);
      return { rows: rows.map(toAuditRow), intact: await isIntact() };
    });
  };
}

function toAuditRow(row: Row): z.infer<typeof AuditRow> {
  return AuditRow.parse({
    seq: row["seq"],
    at: new Date(Number(row["at"])).toISOString(),
    actor: row["actor"],
    role: row["role"],
    action: row["action"],
    outcome: row["outcome"],
    patient: row["patient"],
    object: row["object"],
    requestId: row["request_id"],
  });
}
