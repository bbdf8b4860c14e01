/** Reading what a request names and holds, and whether this user may touch it. */
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { BffContext, Principal } from "#bff/context.ts";
import { VisitId } from "#model/id.ts";
import { problem } from "#model/problem.ts";
import type { VisitRecord } from "./visit-record.ts";
import { readVisit } from "./visit-record.ts";

/** The body by its schema; else `invalid_request` that names the field. */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw problem("invalid_request", { field: parsed.error.issues[0]?.path.join(".") ?? "body" });
}

/** The visit that the path names; an id that cannot be one is `not_found`. */
export function visitIdOf(request: FastifyRequest): VisitId {
  const parsed = z.object({ visitId: VisitId }).safeParse(request.params);
  if (!parsed.success) throw problem("not_found", { field: "visitId" });
  return parsed.data.visitId;
}

export type RequestParts = Pick<BffContext, "auth" | "store" | "audit">;
export type OwnedVisit = { principal: Principal; visit: VisitRecord };

/** The visit in the path, if the signed-in clinician owns it; `not_owner` is written to the audit. */
export async function ownedVisit(parts: RequestParts, request: FastifyRequest): Promise<OwnedVisit> {
  const principal = await parts.auth.require(request, ["clinician"]);
  const visit = await readVisit(parts.store, visitIdOf(request));
  if (visit.clinician.id !== principal.user.id) await refuseStranger(parts, request, { principal, visit });
  return { principal, visit };
}

/** Writes the refusal to the audit and throws `not_owner`. */
export async function refuseStranger(
  { store, audit }: RequestParts,
  request: FastifyRequest,
  { principal, visit }: OwnedVisit,
): Promise<never> {
  const event = { action: "R", object: `visit:${visit.id}`, patient: visit.patient.id, outcome: "refused" } as const;
  await store.transact({ statements: [], audit: [audit.entry(principal, request, event)] });
  throw problem("not_owner");
}
