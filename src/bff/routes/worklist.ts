/** The worklist: a day's appointments with the state of each visit. When OpenEMR is down, the last list it gave, said to be old. */
import type { FastifyPluginAsync, FastifyRequest } from "fastify";
import { z } from "zod";
import type { BffContext, Principal } from "#bff/context.ts";
import { providerStatement } from "#bff/openemr/provider-rows.ts";
import { findLines, keepLinesStatement } from "#bff/openemr/worklist-cache.ts";
import type { CachedLines, CacheKey } from "#bff/openemr/worklist-cache.ts";
import { toLine, withVisits } from "#bff/openemr/worklist-rows.ts";
import type { Statement } from "#bff/store/store.ts";
import { parseBody } from "#bff/visits/request-parts.ts";
import { dateIn } from "#model/clock.ts";
import { toProblem } from "#model/problem.ts";
import type { OpenEmr } from "#openemr/openemr.ts";
import type { WorklistEntry } from "#openemr/worklist.ts";
import type { Worklist } from "#protocol/bff.ts";

export type WorklistParts = BffContext & { openemr: OpenEmr };

/** Roles: clinician, administrator. Without a date: today in the clinic. */
export function worklistRoutes(parts: WorklistParts): FastifyPluginAsync {
  return async (app) => {
    app.get("/api/worklist", (request) => worklist(parts, request));
  };
}

async function worklist(parts: WorklistParts, request: FastifyRequest): Promise<Worklist> {
  const principal = await parts.auth.require(request, ["clinician", "administrator"]);
  const timeZone = parts.config.CLINIC_TIME_ZONE;
  const Query = z.object({
    date: z.iso.date().default(dateIn(timeZone, parts.clock.now())),
    scope: z.enum(["mine", "all"]).default("mine"),
  });
  const { date, scope } = parseBody(Query, request.query);
  const key: CacheKey = { userId: principal.user.id, scope, date };
  const found = await fetchOrRemember(parts, principal, key);
  const audit = parts.audit.entry(principal, request, { action: "R", object: `worklist:${date}:${scope}` });
  await parts.store.transact({ statements: found.statements, audit: [audit] });
  const rows = await withVisits(parts.store, {
    date,
    timeZone,
    lines: found.lines,
    ...(scope === "mine" ? { clinicianId: principal.user.id } : {}),
  });
  return { date, fetchedAt: new Date(found.fetchedAt).toISOString(), stale: found.stale, rows };
}

type Found = CachedLines & { stale: boolean; statements: Statement[] };

async function fetchOrRemember(parts: WorklistParts, principal: Principal, key: CacheKey): Promise<Found> {
  try {
    const access = { token: await principal.accessToken() };
    const mine = key.scope === "mine" ? { clinicianId: principal.user.id } : {};
    const entries = await parts.openemr.worklist.ofDay(access, { date: key.date, ...mine });
    const fetchedAt = parts.clock.now();
    const lines = entries.map((entry) => toLine(entry, principal.user));
    const statements = [keepLinesStatement(key, { lines, fetchedAt }), ...providerStatements(entries, fetchedAt)];
    return { lines, fetchedAt, stale: false, statements };
  } catch (thrown) {
    const remembered = isDown(thrown) ? await findLines(parts.store, key) : undefined;
    if (remembered === undefined) throw thrown;
    return { ...remembered, stale: true, statements: [] };
  }
}

function isDown(thrown: unknown): boolean {
  return ["openemr_down", "timed_out", "openemr_answer_unreadable", "rate_limited"].includes(toProblem(thrown).code);
}

/** The day shows which number OpenEMR gave each clinician; booking needs it later. */
function providerStatements(entries: readonly WorklistEntry[], now: number): Statement[] {
  const byClinician = new Map(entries.map((entry) => [entry.clinicianId, entry]));
  return [...byClinician].flatMap(([clinicianId, { providerId, facilityId, clinicianName: name, date }]) => {
    const seen = { now, name, appointmentDate: date };
    const isKnown = clinicianId !== null && providerId !== null;
    return isKnown ? [providerStatement(clinicianId, { providerId, facilityId }, seen)] : [];
  });
}
