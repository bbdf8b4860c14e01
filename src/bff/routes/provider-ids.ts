/** OpenEMR's numbers of clinicians: what is known and from where, and an administrator's correction. */
import type { FastifyPluginAsync, FastifyRequest } from "fastify";
import { z } from "zod";
import type { BffContext } from "#bff/context.ts";
import { currentRules, readBookingSettings } from "#bff/openemr/booking-rules.ts";
import type { BookingSettings } from "#bff/openemr/booking-rules.ts";
import { knownClinicians } from "#bff/openemr/clinician-names.ts";
import {
  forgetTypedStatement,
  learnedProviders,
  providerUsed,
  type ProviderSources,
  providerStatementsOf,
  typedProviders,
  typedStatements,
} from "#bff/openemr/provider-rows.ts";
import type { AuditEntry, Statement } from "#bff/store/store.ts";
import { parseBody } from "#bff/visits/request-parts.ts";
import { isoOf } from "#bff/visits/visit-record.ts";
import { UserId } from "#model/id.ts";
import { problem } from "#model/problem.ts";
import type { OpenEmr } from "#openemr/openemr.ts";
import { type ProviderList, ProviderSave, type ProviderView } from "#protocol/bff-providers.ts";

type Parts = BffContext & { openemr: OpenEmr; configured: BookingSettings };

/** Roles: administrator. */
export function providerIdRoutes(given: Omit<Parts, "configured">): FastifyPluginAsync {
  const parts: Parts = { ...given, configured: readBookingSettings(given.config.CHARTSIDE_BOOKING_RULES) };
  return async (app) => {
    app.get("/api/provider-ids", async (request) => {
      await parts.auth.require(request, ["administrator"]);
      return listOf(parts);
    });
    app.post("/api/provider-ids/learn", (request) => learn(parts, request));
    app.put("/api/provider-ids/:userId", (request) => save(parts, request));
    app.delete("/api/provider-ids/:userId", (request) => forget(parts, request));
  };
}

async function learn(parts: Parts, request: FastifyRequest): Promise<ProviderList> {
  const principal = await parts.auth.require(request, ["administrator"]);
  const rows = await parts.openemr.appointments.all({ token: await principal.accessToken() });
  const event = { action: "R", object: "provider_ids:appointments" } as const;
  return keep(parts, providerStatementsOf(rows, parts.clock.now()), parts.audit.entry(principal, request, event));
}

async function save(parts: Parts, request: FastifyRequest): Promise<ProviderList> {
  const principal = await parts.auth.require(request, ["administrator"]);
  const clinicianId = clinicianOf(request);
  const asked = parseBody(ProviderSave, request.body);
  const { clinicians } = await listOf(parts);
  if (!clinicians.some(({ clinician }) => clinician.id === clinicianId))
    throw problem("not_found", { field: "userId" });
  const isTaken = clinicians.some(
    ({ clinician, used }) => clinician.id !== clinicianId && used?.providerId === asked.providerId,
  );
  if (isTaken) throw problem("invalid_request", { field: "providerId", detail: "another clinician's number" });
  const statements = typedStatements(clinicianId, { ...asked, now: parts.clock.now(), by: principal.user.id });
  const event = { action: "U", object: `provider_ids:${clinicianId}` } as const;
  return keep(parts, statements, parts.audit.entry(principal, request, event));
}

async function forget(parts: Parts, request: FastifyRequest): Promise<ProviderList> {
  const principal = await parts.auth.require(request, ["administrator"]);
  const clinicianId = clinicianOf(request);
  const event = { action: "D", object: `provider_ids:${clinicianId}` } as const;
  return keep(parts, [forgetTypedStatement(clinicianId)], parts.audit.entry(principal, request, event));
}

async function keep(parts: Parts, statements: Statement[], audit: AuditEntry): Promise<ProviderList> {
  await parts.store.transact({ statements, audit: [audit] });
  return listOf(parts);
}

function clinicianOf(request: FastifyRequest): UserId {
  return parseBody(z.object({ userId: UserId }), request.params).userId;
}

async function listOf(parts: Parts): Promise<ProviderList> {
  const learned = await learnedProviders(parts.store);
  const typed = await typedProviders(parts.store);
  const known = await knownClinicians(parts.store);
  const { settings } = await currentRules(parts.store, parts.configured);
  const names = new Map<UserId, string | null>(learned.map(({ clinicianId, name }) => [clinicianId, name]));
  for (const { id, name } of known) names.set(id, name);
  const clinicians = [...names].map(([id, name]) =>
    viewOf({
      clinician: { id, name },
      learned: learned.find(({ clinicianId }) => clinicianId === id),
      typed: typed.find(({ clinicianId }) => clinicianId === id),
      setting: settings.providerIds[id],
    }),
  );
  const nameOf = ({ clinician }: ProviderView): string => clinician.name ?? "\uffff";
  clinicians.sort((one, other) => nameOf(one).localeCompare(nameOf(other)));
  return { facilityId: parts.config.OPENEMR_FACILITY_ID, clinicians };
}

type Known = ProviderSources & { clinician: ProviderView["clinician"] };

function viewOf({ clinician, learned, typed, setting }: Known): ProviderView {
  return {
    clinician,
    used: providerUsed({ learned, typed, setting }) ?? null,
    learned: learned === undefined ? null : { ...learned.provider, appointmentDate: learned.appointmentDate },
    typedAt: typed === undefined ? null : isoOf(typed.savedAt),
  };
}
