/** Trying again to file a signed note, when a person has mended what was in the way. */
import type { FastifyPluginAsync, FastifyRequest } from "fastify";
import type { BffContext } from "#bff/context.ts";
import { againStatement } from "#bff/documents/document-rows.ts";
import { retryStatements } from "#bff/openemr/filing-rows.ts";
import { ownedVisit } from "#bff/visits/request-parts.ts";
import { createVisitReader } from "#bff/visits/visit-view.ts";
import { problem } from "#model/problem.ts";
import type { OpenEmr } from "#openemr/openemr.ts";
import type { VisitView } from "#protocol/bff.ts";

export type FileRouteParts = BffContext & { openemr: OpenEmr };

/** Role: the visit's clinician. Throws `conflict` for a note that is not signed; a filed one is left as it is. */
export function fileRoutes(parts: FileRouteParts): FastifyPluginAsync {
  const visits = createVisitReader(parts);
  return async (app) => {
    app.post("/api/visits/:visitId/file", async (request): Promise<VisitView> => {
      const visit = await retry(parts, request);
      parts.filing.wake();
      return visits.view(visit.id);
    });
  };
}

async function retry(parts: FileRouteParts, request: FastifyRequest) {
  const { principal, visit } = await ownedVisit(parts, request);
  const [filing] = await parts.store.query("SELECT state FROM filings WHERE visit_id = ?", [visit.id]);
  if (filing === undefined) throw problem("conflict", { detail: "the note is not signed" });
  const event = { action: "E", object: `filing:${visit.id}`, patient: visit.patient.id } as const;
  await parts.store.transact({
    statements: [...retryStatements(visit.id, parts.clock.now()), againStatement(visit.id, parts.clock.now())],
    audit: [parts.audit.entry(principal, request, event)],
  });
  return visit;
}
