/** What the recording device says about a visit's audio: its marks, what it holds, what it has erased. The visit's clinician only. */
import type { FastifyPluginAsync, FastifyRequest } from "fastify";
import type { z } from "zod";
import type { AuditEntry } from "#bff/store/store.ts";
import { keepErasure, keepMarks, keepReport } from "#bff/visits/audio-on-device.ts";
import type { VisitParts } from "#bff/visits/parts.ts";
import { ownedVisit, parseBody } from "#bff/visits/request-parts.ts";
import type { VisitRecord } from "#bff/visits/visit-record.ts";
import { DeviceReport, ErasureReceipt, VisitMarks } from "#protocol/bff-audio.ts";

type Kind<T> = {
  /** Of the audit row: `visit:<id>/<what>`. */
  what: string;
  action: "U" | "D";
  schema: z.ZodType<T>;
  keep(parts: VisitParts, told: { visit: VisitRecord; said: T; audit: AuditEntry }): Promise<void>;
};

const marks: Kind<VisitMarks> = { what: "marks", action: "U", schema: VisitMarks, keep: keepMarks };
const report: Kind<DeviceReport> = { what: "device", action: "U", schema: DeviceReport, keep: keepReport };
const erased: Kind<ErasureReceipt> = { what: "audio", action: "D", schema: ErasureReceipt, keep: keepErasure };

export function deviceRoutes(parts: VisitParts): FastifyPluginAsync {
  return async (app) => {
    app.put("/api/visits/:visitId/marks", async (request, reply) => {
      await take(parts, request, marks);
      return reply.status(204).send();
    });
    app.put("/api/visits/:visitId/device", async (request, reply) => {
      await take(parts, request, report);
      return reply.status(204).send();
    });
    app.post("/api/visits/:visitId/erased", async (request, reply) => {
      await take(parts, request, erased);
      return reply.status(204).send();
    });
  };
}

async function take<T>(parts: VisitParts, request: FastifyRequest, kind: Kind<T>): Promise<void> {
  const { principal, visit } = await ownedVisit(parts, request);
  const said = parseBody(kind.schema, request.body);
  const event = { action: kind.action, object: `visit:${visit.id}/${kind.what}`, patient: visit.patient.id };
  await kind.keep(parts, { visit, said, audit: parts.audit.entry(principal, request, event) });
}
