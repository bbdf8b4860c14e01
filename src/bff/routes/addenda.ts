/** Reading and adding addenda: only the visit's clinician, and never without an audit row. */
import type { FastifyPluginAsync } from "fastify";
import { readAddenda, signAddendum } from "#bff/visits/addenda.ts";
import type { VisitParts } from "#bff/visits/parts.ts";
import { ownedVisit, parseBody } from "#bff/visits/request-parts.ts";
import { AddendumSign } from "#protocol/bff-addenda.ts";
import type { AddendaView } from "#protocol/bff-addenda.ts";

const path = "/api/visits/:visitId/addenda";
/** 65,000 characters, each escaped at worst. */
const maxBytes = 524_288;

export function addendaRoutes(parts: VisitParts): FastifyPluginAsync {
  return async (app) => {
    app.get(path, async (request): Promise<AddendaView> => {
      const { principal, visit } = await ownedVisit(parts, request);
      const event = { action: "R", object: `addendum:${visit.id}`, patient: visit.patient.id } as const;
      await parts.store.transact({ statements: [], audit: [parts.audit.entry(principal, request, event)] });
      return readAddenda(parts.store, visit.id);
    });
    app.post(path, { bodyLimit: maxBytes }, async (request): Promise<AddendaView> => {
      const { principal, visit } = await ownedVisit(parts, request);
      const event = { action: "E", object: `addendum:${visit.id}`, patient: visit.patient.id } as const;
      const audit = parts.audit.entry(principal, request, event);
      await signAddendum(parts, { visit, asked: parseBody(AddendumSign, request.body), audit });
      return readAddenda(parts.store, visit.id);
    });
  };
}
