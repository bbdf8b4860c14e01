/** What the desk sees of a follow-up: its row, its place on the waitlist and the times that were freed for it. */
import type { Store } from "#bff/store/store.ts";
import { addDays } from "#model/calendar-date.ts";
import type { FollowUpCard } from "#protocol/bff-desk.ts";
import type { Booking, FollowUp } from "./follow-up-rows.ts";
import { offersFor, readWaitlist } from "./waitlist.ts";
import type { Waitlist } from "./waitlist.ts";

/** What every card is seen by. */
export type CardView = Waitlist & { nowMs: number; timeZone: string; today: string; maximumDaysAhead: number };

export async function readCardView(store: Store, view: Omit<CardView, keyof Waitlist>): Promise<CardView> {
  return { ...view, ...(await readWaitlist(store, view.today)) };
}

/** A window too far ahead to be booked is a recall until its time comes. */
export function toCard(followUp: FollowUp, view: CardView): FollowUpCard {
  const { id, patient, sentence, reason, clinician, window, booking, tries, declined, cancelled } = followUp;
  const isRecall = followUp.state !== "booked" && followUp.state !== "declined" && isTooFarAhead(followUp, view);
  return {
    id,
    patient,
    sentence,
    reason,
    clinician,
    window,
    state: isRecall ? "recall" : followUp.state,
    askedAt: iso(followUp.askedAt),
    booking: booking === null ? null : withoutUuid(booking),
    tries: tries.map(({ at, by }) => ({ at: iso(at), by })),
    declined: declined === null ? null : { ...declined, at: iso(declined.at) },
    cancelled: cancelled === null ? null : { ...withoutDuration(cancelled), at: iso(cancelled.at) },
    waiting: placeOf(followUp, view),
    offers: followUp.state === "declined" ? [] : offersFor(followUp, view),
    bookableFrom: isRecall ? addDays(window.from, -view.maximumDaysAhead) : null,
  };
}

export function isTooFarAhead(
  { window }: Pick<FollowUp, "window">,
  { today, maximumDaysAhead }: Pick<CardView, "today" | "maximumDaysAhead">,
): boolean {
  return window.from > addDays(today, maximumDaysAhead);
}

function placeOf({ id, clinician, waitingSince }: FollowUp, { waiting }: CardView): FollowUpCard["waiting"] {
  if (waitingSince === null) return null;
  const line = waiting.filter(({ clinicianId }) => clinicianId === clinician.id);
  return { since: iso(waitingSince), place: line.findIndex((one) => one.id === id) + 1 };
}

function withoutUuid({ uuid: _uuid, ...booking }: Booking): FollowUpCard["booking"] {
  return booking;
}

function withoutDuration({ durationMinutes: _minutes, ...cancelled }: NonNullable<FollowUp["cancelled"]>) {
  return cancelled;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
