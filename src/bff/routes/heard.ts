/** The live transcript: the visit's clinician only. It is asked for every few seconds, so one audit row stands for five minutes of it. */
import type { FastifyPluginAsync, FastifyRequest } from "fastify";
import { heardSoFar } from "#bff/visits/heard-so-far.ts";
import type { VisitParts } from "#bff/visits/parts.ts";
import { ownedVisit } from "#bff/visits/request-parts.ts";
import { receivingStates } from "#bff/visits/visit-record.ts";
import type { Clock } from "#model/clock.ts";
import { problem } from "#model/problem.ts";
import type { HeardView } from "#protocol/bff-heard.ts";

const rowStandsForMs = 300_000;

type HeardParts = Pick<VisitParts, "auth" | "audit" | "store" | "scribes" | "clock">;

export function heardRoutes(parts: HeardParts): FastifyPluginAsync {
  const isWritten = createRowMemory(parts.clock);
  return async (app) => {
    app.get("/api/visits/:visitId/heard", (request) => read(parts, request, isWritten));
  };
}

async function read(parts: HeardParts, request: FastifyRequest, isWritten: RowMemory): Promise<HeardView> {
  const { principal, visit } = await ownedVisit(parts, request);
  if (visit.state !== "processing" && !receivingStates.includes(visit.state)) {
    throw problem("conflict", { detail: `the visit is ${visit.state}` });
  }
  if (!isWritten(`${principal.sessionHash} ${visit.id}`)) {
    const event = { action: "R", object: `heard:${visit.id}`, patient: visit.patient.id } as const;
    await parts.store.transact({ statements: [], audit: [parts.audit.entry(principal, request, event)] });
  }
  return heardSoFar(parts, visit.id);
}

type RowMemory = (reader: string) => boolean;

/** True when a row of this reader still stands; otherwise one is to be written now. A restart forgets, and writes again. */
function createRowMemory(clock: Clock): RowMemory {
  const rows = new Map<string, number>();
  return (reader) => {
    const now = clock.now();
    for (const [known, at] of rows) if (now - at >= rowStandsForMs) rows.delete(known);
    if (rows.has(reader)) return true;
    rows.set(reader, now);
    return false;
  };
}
