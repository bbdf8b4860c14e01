/** Making, reading, finishing, discarding and retrying visits. Reading is open to administrators, the rest to the visit's clinician. */
import type { FastifyPluginAsync, FastifyRequest } from "fastify";
import type { z } from "zod";
import type { Principal } from "#bff/context.ts";
import type { AuditEntry } from "#bff/store/store.ts";
import { createVisit } from "#bff/visits/create-visit.ts";
import { discardVisit, retryVisit } from "#bff/visits/end-visit.ts";
import { finishVisit } from "#bff/visits/finish-visit.ts";
import type { VisitParts } from "#bff/visits/parts.ts";
import { ownedVisit, parseBody, refuseStranger, visitIdOf } from "#bff/visits/request-parts.ts";
import { sendElsewhere } from "#bff/visits/send-elsewhere.ts";
import { readVisit } from "#bff/visits/visit-record.ts";
import { SendElsewhere } from "#protocol/bff-services.ts";
import type { VisitList, VisitView } from "#protocol/bff.ts";
import { VisitCreate, VisitDiscard, VisitFinish } from "#protocol/bff.ts";

export function visitRoutes(parts: VisitParts): FastifyPluginAsync {
  return async (app) => {
    app.put("/api/visits/:visitId", (request) => create(parts, request));
    app.get("/api/visits/:visitId", (request) => show(parts, request));
    app.get("/api/visits", (request) => list(parts, request));
    app.post("/api/visits/:visitId/finish", (request) => finish(parts, request));
    app.post("/api/visits/:visitId/retry", (request) => again(parts, request));
    app.post("/api/visits/:visitId/service", (request) => elsewhere(parts, request));
    app.post("/api/visits/:visitId/discard", async (request, reply) => {
      await discard(parts, request);
      return reply.status(204).send();
    });
  };
}

async function create(parts: VisitParts, request: FastifyRequest): Promise<VisitView> {
  const principal = await parts.auth.require(request, ["clinician"]);
  const visitId = visitIdOf(request);
  await createVisit(parts, { principal, request, visitId, asked: parseBody(VisitCreate, request.body) });
  return parts.visits.view(visitId);
}

async function show(parts: VisitParts, request: FastifyRequest): Promise<VisitView> {
  const principal = await parts.auth.require(request, ["clinician", "administrator"]);
  const visit = await readVisit(parts.store, visitIdOf(request));
  const isOwn = visit.clinician.id === principal.user.id;
  if (!isOwn && principal.user.role !== "administrator") await refuseStranger(parts, request, { principal, visit });
  const event = { action: "R", object: `visit:${visit.id}`, patient: visit.patient.id } as const;
  await parts.store.transact({ statements: [], audit: [parts.audit.entry(principal, request, event)] });
  return parts.visits.view(visit.id);
}

async function list(parts: VisitParts, request: FastifyRequest): Promise<z.input<typeof VisitList>> {
  const principal = await parts.auth.require(request, ["clinician"]);
  const event = { action: "R", object: "visits" } as const;
  await parts.store.transact({ statements: [], audit: [parts.audit.entry(principal, request, event)] });
  return { visits: await parts.visits.listOf(principal.user.id) };
}

async function finish(parts: VisitParts, request: FastifyRequest): Promise<VisitView> {
  const { visit, audit } = await changing(parts, request, "finish");
  const { chunks } = parseBody(VisitFinish, request.body);
  await finishVisit(parts, { visitId: visit.id, declared: chunks, audit });
  return parts.visits.view(visit.id);
}

async function again(parts: VisitParts, request: FastifyRequest): Promise<VisitView> {
  const { visit, audit } = await changing(parts, request, "retry");
  await retryVisit(parts, visit, audit);
  return parts.visits.view(visit.id);
}

async function elsewhere(parts: VisitParts, request: FastifyRequest): Promise<VisitView> {
  const { visit, audit } = await changing(parts, request, "service");
  const { service } = parseBody(SendElsewhere, request.body);
  await sendElsewhere(parts, { visit, service, audit });
  return parts.visits.view(visit.id);
}

async function discard(parts: VisitParts, request: FastifyRequest): Promise<void> {
  const { visit, audit } = await changing(parts, request, "discard");
  const { reason } = parseBody(VisitDiscard, request.body);
  const entry: AuditEntry = { ...audit, action: "D" };
  await discardVisit(parts, { visit, reason, audit: entry });
}

type Changing = Awaited<ReturnType<typeof ownedVisit>> & { principal: Principal; audit: AuditEntry };

async function changing(parts: VisitParts, request: FastifyRequest, what: string): Promise<Changing> {
  const { principal, visit } = await ownedVisit(parts, request);
  const event = { action: "U", object: `visit:${visit.id}/${what}`, patient: visit.patient.id } as const;
  return { principal, visit, audit: parts.audit.entry(principal, request, event) };
}
