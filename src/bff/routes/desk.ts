/**
 * The front desk: the queue of follow-ups, free times, booking, moving, cancelling, the waitlist. The desk sees the sentence
 * that asked for the follow-up and nothing else of the note; no statement here reads a note.
 */
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import { isAt } from "#bff/openemr/booking-job.ts";
import type { Start } from "#bff/openemr/booking-job.ts";
import { changed, changing, keep, openDesk, reaching, todayOf, viewOf } from "#bff/openemr/desk-turn.ts";
import type { Desk, DeskParts, Reached } from "#bff/openemr/desk-turn.ts";
import { toCard } from "#bff/openemr/follow-up-card.ts";
import {
  bookingStatement,
  cancelStatements,
  leftBehindOf,
  markStatement,
  readByConfirmation,
  readQueue,
  settleVisitStatement,
} from "#bff/openemr/follow-up-rows.ts";
import type { FollowUp } from "#bff/openemr/follow-up-rows.ts";
import { freeStatement, takenStatement, waitStatement } from "#bff/openemr/waitlist.ts";
import { GuardError } from "#bff/store/store.ts";
import type { Statement } from "#bff/store/store.ts";
import { parseBody } from "#bff/visits/request-parts.ts";
import { problem } from "#model/problem.ts";
import {
  BookTime,
  CancelBooking,
  ConfirmationSearch,
  FollowUpMark,
  FreeTimesAsk,
  Waitlist,
} from "#protocol/bff-desk.ts";
import type { FollowUpCard, FollowUpQueue, FreeTime, FreeTimes, TimeTaken } from "#protocol/bff-desk.ts";
import type { ProblemJson } from "#protocol/problem-json.ts";

/** Roles: front desk, administrator. */
export function deskRoutes(parts: DeskParts): FastifyPluginAsync {
  const desk = openDesk(parts);
  const change = (path: string, act: Act) => ({
    path: `/api/desk/follow-ups/:id/${path}`,
    run: (request: FastifyRequest, reply: FastifyReply) =>
      changing(desk, request, (reached) => act(desk, request, { ...reached, reply })),
  });
  return async (app) => {
    app.get("/api/desk/follow-ups", (request) => queue(desk, request));
    app.get("/api/desk/follow-ups/:id/times", (request) => times(desk, request));
    app.post("/api/desk/confirmation", (request) => findConfirmation(desk, request));
    for (const { path, run } of [
      change("bookings", book),
      change("cancellation", cancel),
      change("state", mark),
      change("waitlist", wait),
    ]) {
      app.post(path, run);
    }
  };
}

type Act = (
  desk: Desk,
  request: FastifyRequest,
  reached: Reached & { reply: FastifyReply },
) => Promise<FollowUpCard | FastifyReply>;

async function queue(desk: Desk, request: FastifyRequest): Promise<z.infer<typeof FollowUpQueue>> {
  const principal = await desk.auth.require(request, ["front_desk", "administrator"]);
  const [followUps, view] = await Promise.all([readQueue(desk.store, todayOf(desk)), viewOf(desk)]);
  const audit = [desk.audit.entry(principal, request, { action: "R", object: "follow_ups" })];
  await desk.store.transact({ statements: [], audit });
  return { followUps: followUps.map((followUp) => toCard(followUp, view)) };
}

async function times(desk: Desk, request: FastifyRequest): Promise<FreeTimes> {
  const { principal, followUp } = await reaching(desk, request);
  const { kind, fresh } = parseBody(FreeTimesAsk, request.query);
  const access = { token: await principal.accessToken() };
  const found = await desk.booker.times(access, followUp, { kind, fresh: fresh !== undefined });
  await keep(desk, request, { principal, followUp, action: "R" });
  return { times: found.times, basis: found.basis, fetchedAt: new Date(found.at).toISOString() };
}

async function findConfirmation(desk: Desk, request: FastifyRequest): Promise<FollowUpCard> {
  const principal = await desk.auth.require(request, ["front_desk", "administrator"]);
  const { confirmation } = parseBody(ConfirmationSearch, request.body);
  const followUp = await readByConfirmation(desk.store, confirmation.replaceAll(/[^A-Za-z0-9]/gu, "").toUpperCase());
  await keep(desk, request, { principal, followUp, action: "R", what: "confirmation" });
  return toCard(followUp, await viewOf(desk));
}

/** Also moves: the new time is booked and read back before the old one is removed, and both are one act in the audit trail. */
const book: Act = async (desk, request, { principal, followUp, reply }) => {
  const wanted = parseBody(BookTime, request.body);
  const { booking: old } = followUp;
  const act = old === null ? ({ action: "C" } as const) : ({ action: "U", what: "rescheduled" } as const);
  const outcome = await desk.booker.book({ token: await principal.accessToken() }, followUp, wanted);
  if ("alternatives" in outcome) {
    const statements = [taken(desk, followUp, { ...wanted, durationMinutes: 1 })];
    await keep(desk, request, { principal, followUp, ...act, outcome: "failed", statements });
    return answerTaken(request, reply, outcome.alternatives);
  }
  const { booking } = outcome;
  const statements = [
    bookingStatement(followUp.id, booking),
    ...givenBack(followUp, [booking, ...booking.leftBehind]).map((time) => freed(desk, followUp, time)),
    taken(desk, followUp, booking),
    settleVisitStatement(followUp.visitId, desk.clock.now()),
  ];
  await keep(desk, request, { principal, followUp, ...act, statements });
  return changed(desk, followUp);
};

/** Times that the follow-up held and holds no more; what could not be removed is given to nobody. */
function givenBack(followUp: FollowUp, held: readonly Start[]): FreeTime[] {
  const { booking, cancelled } = followUp;
  const durationMinutes = booking?.durationMinutes ?? cancelled?.durationMinutes;
  if (durationMinutes === undefined) return [];
  return [...(booking === null ? [] : [booking]), ...leftBehindOf(followUp)]
    .filter((time) => !held.some((one) => isAt(one, time)))
    .map(({ date, startTime }) => ({ date, startTime, durationMinutes }));
}

/** Once more for what could not be removed. */
const cancel: Act = async (desk, request, { principal, followUp }) => {
  const { reason } = parseBody(CancelBooking, request.body);
  const leftBehind = await desk.booker.cancel({ token: await principal.accessToken() }, followUp);
  const now = desk.clock.now();
  const statements = [
    ...cancelStatements(followUp, { reason, now, leftBehind }),
    ...givenBack(followUp, leftBehind).map((time) => freed(desk, followUp, time)),
    settleVisitStatement(followUp.visitId, now),
  ];
  await keep(desk, request, { principal, followUp, action: "D", what: `cancelled:${reason}`, statements });
  return changed(desk, followUp);
};

const mark: Act = async (desk, request, { principal, followUp }) => {
  const asked = parseBody(FollowUpMark, request.body);
  const now = desk.clock.now();
  const statements = [
    markStatement(followUp, { mark: asked, now, by: principal.user.name }),
    settleVisitStatement(followUp.visitId, now),
  ];
  try {
    await keep(desk, request, { principal, followUp, action: "U", what: asked.state, statements });
  } catch (thrown) {
    throw thrown instanceof GuardError ? problem("conflict", { detail: "cancel the booking first" }) : thrown;
  }
  return changed(desk, followUp);
};

const wait: Act = async (desk, request, { principal, followUp }) => {
  const { waiting } = parseBody(Waitlist, request.body);
  if (waiting && followUp.state === "declined") throw problem("conflict", { detail: "the patient declined" });
  const statements = [waitStatement(followUp.id, waiting, desk.clock.now())];
  const what = waiting ? "waitlist" : "waitlist:left";
  await keep(desk, request, { principal, followUp, action: "U", what, statements });
  return changed(desk, followUp);
};

function freed(desk: Desk, { clinician }: Reached["followUp"], time: FreeTime): Statement {
  return freeStatement({ clinicianId: clinician.id, time }, desk.clock.now());
}

function taken(desk: Desk, { clinician }: Reached["followUp"], time: FreeTime): Statement {
  return takenStatement({ clinicianId: clinician.id, time }, todayOf(desk));
}

function answerTaken(request: FastifyRequest, reply: FastifyReply, alternatives: FreeTime[]): FastifyReply {
  const body: ProblemJson & z.infer<typeof TimeTaken> = {
    type: "urn:chartside:time_taken",
    title: "time taken",
    status: 409,
    problem: problem("time_taken").problem,
    requestId: request.id,
    alternatives,
  };
  return reply.code(409).type("application/problem+json").send(JSON.stringify(body));
}
