/** Working hours and booking rules, kept by administrators. Every version stays, with who saved it. */
import type { FastifyPluginAsync, FastifyRequest } from "fastify";
import type { BffContext, Principal } from "#bff/context.ts";
import { currentRules, readBookingSettings, saveRulesStatement } from "#bff/openemr/booking-rules.ts";
import type { BookingSettings } from "#bff/openemr/booking-rules.ts";
import { byName, knownClinicians, learnedClinicians } from "#bff/openemr/clinician-names.ts";
import type { NamedClinician } from "#bff/openemr/clinician-names.ts";
import { providerStatement } from "#bff/openemr/provider-rows.ts";
import { GuardError } from "#bff/store/store.ts";
import { parseBody } from "#bff/visits/request-parts.ts";
import { problem, ProblemError } from "#model/problem.ts";
import type { OpenEmr } from "#openemr/openemr.ts";
import type { Practitioner } from "#openemr/practitioners.ts";
import { BookingRulesSave } from "#protocol/bff-booking-rules.ts";
import type { BookingRulesView } from "#protocol/bff-booking-rules.ts";

type Parts = BffContext & { openemr: OpenEmr };
type Rules = Parts & { configured: BookingSettings; practitioners(principal: Principal): Promise<Practitioner[]> };

const keptMs = 5 * 60_000;

/** Roles: administrator. */
export function bookingRulesRoutes(parts: Parts): FastifyPluginAsync {
  const configured = readBookingSettings(parts.config.CHARTSIDE_BOOKING_RULES);
  let kept: { list: Practitioner[]; until: number } | undefined;
  const practitioners = async (principal: Principal): Promise<Practitioner[]> => {
    if (kept === undefined || parts.clock.now() >= kept.until) {
      kept = { list: await listPractitioners(parts, principal), until: parts.clock.now() + keptMs };
    }
    return kept.list;
  };
  const rules: Rules = { ...parts, configured, practitioners };
  return async (app) => {
    app.get("/api/booking-rules", (request) => read(rules, request));
    app.put("/api/booking-rules", (request) => save(rules, request));
  };
}

async function read(parts: Rules, request: FastifyRequest): Promise<BookingRulesView> {
  const principal = await parts.auth.require(request, ["administrator"]);
  return view(parts, principal);
}

async function save(parts: Rules, request: FastifyRequest): Promise<BookingRulesView> {
  const principal = await parts.auth.require(request, ["administrator"]);
  const { baseVersion, rules } = parseBody(BookingRulesSave, request.body);
  const now = parts.clock.now();
  const event = { action: "U", object: `booking_rules:${baseVersion + 1}` } as const;
  try {
    await parts.store.transact({
      statements: [saveRulesStatement(rules, { baseVersion, now, by: principal.user.id })],
      audit: [parts.audit.entry(principal, request, event)],
    });
  } catch (thrown) {
    throw thrown instanceof GuardError ? problem("conflict", { field: "baseVersion" }) : thrown;
  }
  return view(parts, principal);
}

async function view(parts: Rules, principal: Principal): Promise<BookingRulesView> {
  const { version, savedAt, settings } = await currentRules(parts.store, parts.configured);
  return {
    version,
    savedAt: savedAt === null ? null : new Date(savedAt).toISOString(),
    rules: settings.clinicRules,
    clinicians: await clinicians(parts, principal),
  };
}

async function clinicians(parts: Rules, principal: Principal): Promise<NamedClinician[]> {
  const listed = await parts.practitioners(principal);
  const [learned, known] = [await learnedClinicians(parts.store), await knownClinicians(parts.store)];
  return byName([...learned, ...known, ...listed.map(({ id, name }) => ({ id, name }))]);
}

/** With their numbers, which booking needs. OpenEMR being away, or refusing, is no reason not to show the hours. */
async function listPractitioners(parts: Parts, principal: Principal): Promise<Practitioner[]> {
  try {
    const list = await parts.openemr.practitioners.list({ token: await principal.accessToken() });
    const now = parts.clock.now();
    const statements = list.map(({ id, providerId, name }) =>
      providerStatement(id, { providerId, facilityId: null }, { now, name, appointmentDate: null }),
    );
    await parts.store.transact({ statements });
    return list;
  } catch (thrown) {
    if (thrown instanceof ProblemError && thrown.problem.category === "openemr") return [];
    throw thrown;
  }
}
