/** Finding a patient for a walk-in. The words typed are in no path, no log and no audit row. */
import type { FastifyPluginAsync, FastifyRequest } from "fastify";
import type { z } from "zod";
import type { BffContext } from "#bff/context.ts";
import { parseBody } from "#bff/visits/request-parts.ts";
import type { OpenEmr } from "#openemr/openemr.ts";
import { PatientSearch } from "#protocol/bff.ts";
import type { PatientList } from "#protocol/bff.ts";

export type PatientParts = BffContext & { openemr: OpenEmr };

/** Roles: clinician, front desk, administrator. */
export function patientRoutes(parts: PatientParts): FastifyPluginAsync {
  return async (app) => {
    app.post("/api/patients/search", (request) => search(parts, request));
  };
}

async function search(parts: PatientParts, request: FastifyRequest): Promise<z.infer<typeof PatientList>> {
  const principal = await parts.auth.require(request, ["clinician", "front_desk", "administrator"]);
  const { text } = parseBody(PatientSearch, request.body);
  const found = await parts.openemr.patients.search({ token: await principal.accessToken() }, text);
  const events = found.map(({ patient }) => ({ action: "R" as const, object: "patients:search", patient: patient.id }));
  const nobody = { action: "R" as const, object: "patients:search" };
  const audit = (events.length === 0 ? [nobody] : events).map((event) => parts.audit.entry(principal, request, event));
  await parts.store.transact({ statements: [], audit });
  return { patients: found.map(({ patient }) => patient) };
}
