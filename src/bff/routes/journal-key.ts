/** Keys of devices that keep none: the public key for new visits, and unwrapping after a crash, for the visit's clinician only. */
import type { FastifyPluginAsync, FastifyRequest } from "fastify";
import type { z } from "zod";
import type { JournalKeys } from "#bff/auth/journal-keys.ts";
import type { BffContext, Principal } from "#bff/context.ts";
import { parseBody, refuseStranger } from "#bff/visits/request-parts.ts";
import { findVisit } from "#bff/visits/visit-record.ts";
import type { VisitId } from "#model/id.ts";
import { problem, ProblemError } from "#model/problem.ts";
import { type JournalKey, type JournalKeyPlain, JournalKeyUnwrap } from "#protocol/bff-audio.ts";

export type JournalKeyParts = Pick<BffContext, "auth" | "store" | "audit"> & { journalKeys: JournalKeys };

export function journalKeyRoutes(parts: JournalKeyParts): FastifyPluginAsync {
  return async (app) => {
    app.get("/api/journal-key", async (request): Promise<JournalKey> => {
      await parts.auth.require(request, ["clinician"]);
      if (parts.journalKeys.current === null) throw problem("not_found");
      return parts.journalKeys.current;
    });
    app.post("/api/journal-key/unwrap", (request) => unwrap(parts, request));
  };
}

/**
 * A visit that this server does not know yet was recorded without network: there the label, which holds the clinician, is the
 * proof. The audit row is written before the key is given.
 */
async function unwrap(parts: JournalKeyParts, request: FastifyRequest): Promise<z.infer<typeof JournalKeyPlain>> {
  const principal = await parts.auth.require(request, ["clinician"]);
  const { visitId, keyId, wrapped } = parseBody(JournalKeyUnwrap, request.body);
  const visit = await findVisit(parts.store, visitId);
  if (visit && visit.clinician.id !== principal.user.id) await refuseStranger(parts, request, { principal, visit });
  const label = `${visitId}/${principal.user.id}`;
  const write = (outcome: "ok" | "refused") =>
    keepAudit(parts, request, { principal, visitId, outcome, patient: visit?.patient.id });
  try {
    const key = parts.journalKeys.unwrap({ keyId, wrapped: Buffer.from(wrapped, "base64"), label });
    await write("ok");
    return { key: Buffer.from(key).toString("base64") };
  } catch (thrown) {
    if (thrown instanceof ProblemError) await write("refused");
    throw thrown;
  }
}

type Unwrapping = {
  principal: Principal;
  visitId: VisitId;
  outcome: "ok" | "refused";
  patient: string | undefined;
};

async function keepAudit(parts: JournalKeyParts, request: FastifyRequest, told: Unwrapping): Promise<void> {
  const { principal, visitId, outcome, patient } = told;
  const object = `journal-key:${visitId}`;
  const event = { action: "E", object, outcome, ...(patient !== undefined && { patient }) } as const;
  await parts.store.transact({ statements: [], audit: [parts.audit.entry(principal, request, event)] });
}
