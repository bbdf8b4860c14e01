/**
 * The front desk: the queue of follow-ups, free times, booking and cancelling. The desk sees the sentence that asked for
 * the follow-up and nothing else of the note; no statement here reads a note.
 */
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { AuditEvent, BffContext, Principal } from "#bff/context.ts";
import { createBooker } from "#bff/openemr/booking.ts";
import type { Booker } from "#bff/openemr/booking.ts";
import { readBookingSettings } from "#bff/openemr/booking-rules.ts";
import { newConfirmation } from "#bff/openemr/confirmation.ts";
import {
  bookingStatement,
  markStatement,
  readFollowUp,
  readQueue,
  settleVisitStatement,
  toCard,
} from "#bff/openemr/follow-up-rows.ts";
import type { FollowUp } from "#bff/openemr/follow-up-rows.ts";
import { createProviderIds } from "#bff/openemr/provider-ids.ts";
import { GuardError } from "#bff/store/store.ts";
import type { Statement } from "#bff/store/store.ts";
import { createOneAtATime } from "#bff/visits/one-at-a-time.ts";
import type { OneAtATime } from "#bff/visits/one-at-a-time.ts";
import { parseBody } from "#bff/visits/request-parts.ts";
import { dateIn } from "#model/clock.ts";
import { FollowUpId } from "#model/id.ts";
import { problem } from "#model/problem.ts";
import type { OpenEmr } from "#openemr/openemr.ts";
import { BookTime, FollowUpMark } from "#protocol/bff-desk.ts";
import type { FollowUpCard, FollowUpQueue, FreeTime, FreeTimes, TimeTaken } from "#protocol/bff-desk.ts";
import type { ProblemJson } from "#protocol/problem-json.ts";

export type DeskParts = BffContext & { openemr: OpenEmr };

/** What every route here works with. Changes of one follow-up happen in turn, from reading it to keeping what became of it. */
type Desk = DeskParts & { booker: Booker; maximumDaysAhead: number; inTurn: OneAtATime };

/** Roles: front desk, administrator. */
export function deskRoutes(parts: DeskParts): FastifyPluginAsync {
  const desk = openDesk(parts);
  return async (app) => {
    app.get("/api/desk/follow-ups", (request) => queue(desk, request));
    app.get("/api/desk/follow-ups/:id/times", (request) => times(desk, request));
    app.post("/api/desk/follow-ups/:id/bookings", (request, reply) =>
      changing(desk, request, (reached) => book(desk, request, { ...reached, reply })),
    );
    app.delete("/api/desk/follow-ups/:id/bookings", (request) =>
      changing(desk, request, (reached) => cancel(desk, request, reached)),
    );
    app.post("/api/desk/follow-ups/:id/state", (request) =>
      changing(desk, request, (reached) => mark(desk, request, reached)),
    );
  };
}

function openDesk(parts: DeskParts): Desk {
  const { config, clock, store, openemr } = parts;
  const { rules, providerIds } = readBookingSettings(config.CHARTSIDE_BOOKING_RULES);
  const booker = createBooker({
    openemr,
    clock,
    timeZone: config.CLINIC_TIME_ZONE,
    rules,
    providerIds: createProviderIds({ store, clock, openemr, configured: providerIds }),
    inTurn: createOneAtATime(),
    newConfirmation,
    categoryId: config.OPENEMR_VISIT_CATEGORY,
    facilityId: config.OPENEMR_FACILITY_ID,
  });
  return { ...parts, booker, maximumDaysAhead: rules.maximumDaysAhead, inTurn: createOneAtATime() };
}

async function queue(desk: Desk, request: FastifyRequest): Promise<z.infer<typeof FollowUpQueue>> {
  const principal = await desk.auth.require(request, ["front_desk", "administrator"]);
  const followUps = await readQueue(desk.store, todayOf(desk));
  const audit = [desk.audit.entry(principal, request, { action: "R", object: "follow_ups" })];
  await desk.store.transact({ statements: [], audit });
  return { followUps: followUps.map((followUp) => cardOf(desk, followUp)) };
}

async function times(desk: Desk, request: FastifyRequest): Promise<FreeTimes> {
  const { principal, followUp } = await reaching(desk, request);
  const free = await desk.booker.times({ token: await principal.accessToken() }, followUp);
  await keep(desk, request, { principal, followUp, action: "R" });
  return { times: free, basis: "configured_hours", fetchedAt: new Date(desk.clock.now()).toISOString() };
}

async function book(
  desk: Desk,
  request: FastifyRequest,
  { principal, followUp, reply }: Reached & { reply: FastifyReply },
): Promise<FollowUpCard | FastifyReply> {
  const wanted = parseBody(BookTime, request.body);
  const outcome = await desk.booker.book({ token: await principal.accessToken() }, followUp, wanted);
  if ("alternatives" in outcome) {
    await keep(desk, request, { principal, followUp, action: "C", outcome: "failed" });
    return answerTaken(request, reply, outcome.alternatives);
  }
  const statements = [
    bookingStatement(followUp.id, outcome.booking),
    settleVisitStatement(followUp.visitId, desk.clock.now()),
  ];
  await keep(desk, request, { principal, followUp, action: "C", statements });
  return changed(desk, followUp);
}

async function cancel(desk: Desk, request: FastifyRequest, { principal, followUp }: Reached): Promise<FollowUpCard> {
  await desk.booker.cancel({ token: await principal.accessToken() }, followUp);
  const isBooked = followUp.state === "booked";
  const statements = [
    ...(isBooked ? [bookingStatement(followUp.id, null)] : []),
    settleVisitStatement(followUp.visitId, desk.clock.now()),
  ];
  await keep(desk, request, { principal, followUp, action: "D", statements });
  return changed(desk, followUp);
}

async function mark(desk: Desk, request: FastifyRequest, { principal, followUp }: Reached): Promise<FollowUpCard> {
  const { state } = parseBody(FollowUpMark, request.body);
  const statements = [markStatement(followUp.id, state), settleVisitStatement(followUp.visitId, desk.clock.now())];
  try {
    await keep(desk, request, { principal, followUp, action: "U", statements });
  } catch (thrown) {
    throw thrown instanceof GuardError ? problem("conflict", { detail: "cancel the booking first" }) : thrown;
  }
  return changed(desk, followUp);
}

type Reached = { principal: Principal; followUp: FollowUp };

async function reaching(desk: Desk, request: FastifyRequest): Promise<Reached> {
  const principal = await desk.auth.require(request, ["front_desk", "administrator"]);
  return { principal, followUp: await readFollowUp(desk.store, idOf(request)) };
}

/** Reads the follow-up when its turn has come, so that what somebody else did a moment ago is seen. */
async function changing<Value>(
  desk: Desk,
  request: FastifyRequest,
  change: (reached: Reached) => Promise<Value>,
): Promise<Value> {
  const principal = await desk.auth.require(request, ["front_desk", "administrator"]);
  const id = idOf(request);
  return desk.inTurn(id, async () => change({ principal, followUp: await readFollowUp(desk.store, id) }));
}

function idOf(request: FastifyRequest): FollowUpId {
  const params = z.object({ id: FollowUpId }).safeParse(request.params);
  if (!params.success) throw problem("not_found", { field: "followUpId" });
  return params.data.id;
}

type Kept = Reached & Pick<AuditEvent, "action" | "outcome"> & { statements?: Statement[] };

async function keep(desk: Desk, request: FastifyRequest, kept: Kept): Promise<void> {
  const { principal, followUp, action, outcome = "ok", statements = [] } = kept;
  const event = { action, outcome, object: `follow_up:${followUp.id}`, patient: followUp.patient.id };
  await desk.store.transact({ statements, audit: [desk.audit.entry(principal, request, event)] });
}

/** Tells everybody whose screen shows it, and reads the card as it is now. */
async function changed(desk: Desk, { id, visitId, clinician }: FollowUp): Promise<FollowUpCard> {
  await desk.events.followUpsChanged();
  await desk.events.visitChanged(visitId, clinician.id);
  return cardOf(desk, await readFollowUp(desk.store, id));
}

function answerTaken(request: FastifyRequest, reply: FastifyReply, alternatives: FreeTime[]): FastifyReply {
  const taken = problem("time_taken").problem;
  const body: ProblemJson & z.infer<typeof TimeTaken> = {
    type: "urn:chartside:time_taken",
    title: "time taken",
    status: 409,
    problem: taken,
    requestId: request.id,
    alternatives,
  };
  return reply.code(409).type("application/problem+json").send(JSON.stringify(body));
}

function cardOf(desk: Desk, followUp: FollowUp): FollowUpCard {
  return toCard(followUp, { today: todayOf(desk), maximumDaysAhead: desk.maximumDaysAhead });
}

function todayOf({ config, clock }: Desk): string {
  return dateIn(config.CLINIC_TIME_ZONE, clock.now());
}
