/**
 * Finding a patient for a walk-in, and making one who is not in the chart yet: looked for first, so that nobody is made twice.
 * The words typed are in no path, no log and no audit row.
 */
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import type { BffContext } from "#bff/context.ts";
import { findDuplicates } from "#bff/openemr/duplicates.ts";
import { parseBody } from "#bff/visits/request-parts.ts";
import type { Patient } from "#model/patient.ts";
import { problem } from "#model/problem.ts";
import type { OpenEmr } from "#openemr/openemr.ts";
import { PatientSearch } from "#protocol/bff.ts";
import type { PatientList } from "#protocol/bff.ts";
import { PatientCreate } from "#protocol/bff-patients.ts";
import type { PossibleDuplicates } from "#protocol/bff-patients.ts";
import type { ProblemJson } from "#protocol/problem-json.ts";

export type PatientParts = BffContext & { openemr: OpenEmr };

/** Roles: clinician, front desk, administrator. */
export function patientRoutes(parts: PatientParts): FastifyPluginAsync {
  return async (app) => {
    app.post("/api/patients/search", (request) => search(parts, request));
    app.post("/api/patients", (request, reply) => create(parts, request, reply));
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

async function create(
  parts: PatientParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Patient | FastifyReply> {
  const principal = await parts.auth.require(request, ["clinician", "front_desk", "administrator"]);
  const { notTheSameAs, ...wanted } = parseBody(PatientCreate, request.body);
  const access = { token: await principal.accessToken() };
  const alike = await findDuplicates(parts.openemr.patients, access, wanted);
  const unseen = alike.filter(({ id }) => !notTheSameAs.includes(id));
  if (unseen.length > 0) {
    const seen = alike.map(({ id }) => ({ action: "R" as const, object: "patients:alike", patient: id }));
    const audit = seen.map((event) => parts.audit.entry(principal, request, event));
    await parts.store.transact({ statements: [], audit });
    return answerAlike(request, reply, alike);
  }
  const { patient } = await parts.openemr.patients.create(access, wanted);
  const made = { action: "C" as const, object: "patient", patient: patient.id };
  await parts.store.transact({ statements: [], audit: [parts.audit.entry(principal, request, made)] });
  return patient;
}

function answerAlike(request: FastifyRequest, reply: FastifyReply, duplicates: Patient[]): FastifyReply {
  const body: ProblemJson & PossibleDuplicates = {
    type: "urn:chartside:possible_duplicate",
    title: "possible duplicate",
    status: 409,
    problem: problem("possible_duplicate").problem,
    requestId: request.id,
    duplicates,
  };
  return reply.code(409).type("application/problem+json").send(JSON.stringify(body));
}
