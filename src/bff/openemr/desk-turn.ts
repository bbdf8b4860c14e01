/**
 * What the desk's routes share: a follow-up is changed in turn, from reading it to keeping what became of it; every reach for
 * one is in the audit trail; every change is told to the screens that show it.
 */
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { AuditEvent, BffContext, Principal } from "#bff/context.ts";
import type { Statement } from "#bff/store/store.ts";
import { createOneAtATime } from "#bff/visits/one-at-a-time.ts";
import type { OneAtATime } from "#bff/visits/one-at-a-time.ts";
import { dateIn } from "#model/clock.ts";
import { FollowUpId } from "#model/id.ts";
import { problem } from "#model/problem.ts";
import type { OpenEmr } from "#openemr/openemr.ts";
import type { FollowUpCard } from "#protocol/bff-desk.ts";
import { createBooker } from "./booking.ts";
import type { Booker } from "./booking.ts";
import { currentRules, readBookingSettings } from "./booking-rules.ts";
import type { SavedRules } from "./booking-rules.ts";
import { createCalendarCache } from "./calendar-cache.ts";
import { newConfirmation } from "./confirmation.ts";
import { readCardView, toCard } from "./follow-up-card.ts";
import type { CardView } from "./follow-up-card.ts";
import { readFollowUp } from "./follow-up-rows.ts";
import type { FollowUp } from "./follow-up-rows.ts";
import { createProviderIds } from "./provider-ids.ts";

export type DeskParts = BffContext & { openemr: OpenEmr };
export type Desk = DeskParts & { booker: Booker; rules(): Promise<SavedRules>; inTurn: OneAtATime };

export function openDesk(parts: DeskParts): Desk {
  const { config, clock, store, openemr } = parts;
  const configured = readBookingSettings(config.CHARTSIDE_BOOKING_RULES);
  const rules = () => currentRules(store, configured);
  const booker = createBooker({
    openemr,
    clock,
    timeZone: config.CLINIC_TIME_ZONE,
    rulesOf: async (kind) => (await rules()).settings.rulesOf(kind),
    providerIds: createProviderIds({ store, clock, openemr, configured: configured.providerIds }),
    calendars: createCalendarCache(clock),
    inTurn: createOneAtATime(),
    newConfirmation,
    categoryId: config.OPENEMR_VISIT_CATEGORY,
    facilityId: config.OPENEMR_FACILITY_ID,
  });
  return { ...parts, booker, rules, inTurn: createOneAtATime() };
}

export type Reached = { principal: Principal; followUp: FollowUp };

export async function reaching(desk: Desk, request: FastifyRequest): Promise<Reached> {
  const principal = await desk.auth.require(request, ["front_desk", "administrator"]);
  return { principal, followUp: await readFollowUp(desk.store, idOf(request)) };
}

/** Reads the follow-up when its turn has come, so that what somebody else did a moment ago is seen. */
export async function changing<Value>(
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

type Kept = Reached & Pick<AuditEvent, "action" | "outcome"> & { what?: string; statements?: Statement[] };

/** The audit row and what it is about, in one transaction. `what` is a word of ours: `rescheduled`, `cancelled:patient`. */
export async function keep(desk: Desk, request: FastifyRequest, kept: Kept): Promise<void> {
  const { principal, followUp, action, outcome = "ok", what, statements = [] } = kept;
  const object = ["follow_up", followUp.id, ...(what === undefined ? [] : [what])].join(":");
  const event = { action, outcome, object, patient: followUp.patient.id };
  await desk.store.transact({ statements, audit: [desk.audit.entry(principal, request, event)] });
}

/** Tells everybody whose screen shows it, and reads the card as it is now. */
export async function changed(desk: Desk, { id, visitId, clinician }: FollowUp): Promise<FollowUpCard> {
  await desk.events.followUpsChanged();
  await desk.events.visitChanged(visitId, clinician.id);
  const [followUp, view] = await Promise.all([readFollowUp(desk.store, id), viewOf(desk)]);
  return toCard(followUp, view);
}

export async function viewOf(desk: Desk): Promise<CardView> {
  const { settings } = await desk.rules();
  return readCardView(desk.store, {
    nowMs: desk.clock.now(),
    timeZone: desk.config.CLINIC_TIME_ZONE,
    today: todayOf(desk),
    maximumDaysAhead: settings.maximumDaysAhead,
  });
}

export function todayOf({ config, clock }: DeskParts): string {
  return dateIn(config.CLINIC_TIME_ZONE, clock.now());
}
