/**
 * Booking a follow-up into OpenEMR, which would take any number of appointments for one time. In: a follow-up and a time.
 * Out: a booking that was read back, or that the time is taken and which are free. One booking at a time per clinician;
 * what others put in meanwhile is found by reading the day again, and then ours is taken back.
 * After a crash or a lost answer the appointment is found by our id in its comment, so asking again never books twice.
 */
import type { OneAtATime } from "#bff/visits/one-at-a-time.ts";
import { dateIn } from "#model/clock.ts";
import type { Clock } from "#model/clock.ts";
import type { AppointmentKind } from "#model/follow-up.ts";
import { searchDays } from "#model/follow-up-window.ts";
import { AppointmentId } from "#model/id.ts";
import { problem, ProblemError } from "#model/problem.ts";
import type { Access } from "#openemr/call.ts";
import type { Appointment } from "#openemr/appointments.ts";
import { alternativesTo, freeTimes, isWithinRules } from "#openemr/availability.ts";
import type { AvailabilityQuestion } from "#openemr/availability.ts";
import type { BookingRules } from "#openemr/booking-rules.ts";
import type { OpenEmr } from "#openemr/openemr.ts";
import type { FreeTime, FreeTimes, LeftBehind } from "#protocol/bff-desk.ts";
import { readComment } from "./confirmation.ts";
import type { Booking, FollowUp } from "./follow-up-rows.ts";
import { isAt, toBooking, toNew } from "./booking-job.ts";
import type { Job, Start, Wanted } from "./booking-job.ts";
import type { CalendarCache } from "./calendar-cache.ts";
import { placeOf } from "./booking-place.ts";
import { isTooFarAhead } from "./follow-up-card.ts";
import { findOurs, without } from "./our-appointments.ts";
import type { Known } from "./our-appointments.ts";
import type { ProviderIds } from "./provider-ids.ts";

export type BookingOutcome = { booking: Booking } | { alternatives: FreeTime[] };

export type Booker = {
  /** Free times in the follow-up's window, the time it holds itself included; `at` says when the calendar was read. */
  times(access: Access, followUp: FollowUp, asked?: TimesAsked): Promise<TimesFound>;
  /** Also moves a booking to another time. Throws `outside_rules`. */
  book(access: Access, followUp: FollowUp, wanted: Wanted): Promise<BookingOutcome>;
  /**
   * Deletes everything that was booked for the follow-up, and sees that it is gone. Throws when the booked time cannot be removed;
   * what else still stands is the answer.
   */
  cancel(access: Access, followUp: FollowUp): Promise<LeftBehind[]>;
};

/** `fresh`: not from the five minutes that a calendar is kept. */
export type TimesAsked = { kind?: AppointmentKind; fresh?: boolean };

export type TimesFound = Pick<FreeTimes, "times" | "basis"> & { at: number };

export type BookerParts = {
  openemr: OpenEmr;
  clock: Clock;
  timeZone: string;
  /** As they are now, for this kind of appointment. */
  rulesOf: (kind: AppointmentKind) => Promise<BookingRules>;
  providerIds: ProviderIds;
  calendars: CalendarCache;
  inTurn: OneAtATime;
  newConfirmation: () => string;
  /** Calendar category and facility of new appointments. */
  categoryId: string;
  facilityId: string;
};

export function createBooker(parts: BookerParts): Booker {
  return {
    async times(access, followUp, { kind = "follow_up", fresh = false } = {}) {
      const rules = await parts.rulesOf(kind);
      const kept = await parts.calendars.of(keyOf(followUp), fresh, () =>
        questionOf(parts, access, { followUp, rules }),
      );
      const question = { ...kept.question, rules, nowMs: parts.clock.now() };
      const basis = question.slots === undefined ? "configured_hours" : "openemr_slots";
      return { times: freeTimes(without(question, knownOf(followUp))), basis, at: kept.at };
    },
    book: (access, followUp, { kind = "follow_up", ...start }) =>
      parts.inTurn(followUp.clinician.id, async () => {
        const rules = await parts.rulesOf(kind);
        // Whatever comes of it, what is kept of the calendar may be wrong now.
        const outcome = book(parts, access, { followUp, rules, wanted: { ...start, kind } });
        return outcome.finally(() => parts.calendars.forget());
      }),
    cancel: (access, followUp) =>
      parts.inTurn(followUp.clinician.id, async () => {
        const rows = await parts.openemr.appointments.ofPatient(access, followUp.pid);
        const ours = await findOurs(parts, access, { followUp, rows });
        const [booked, others] = partition(ours, ({ eid }) => eid === followUp.booking?.appointmentId);
        for (const one of booked) await remove(parts, access, one);
        return removeEach(parts, access, others).finally(() => parts.calendars.forget());
      }),
  };
}

async function book(
  parts: BookerParts,
  access: Access,
  asked: Pick<Job, "followUp" | "wanted" | "rules">,
): Promise<BookingOutcome> {
  const { followUp, wanted } = asked;
  const rows = await parts.openemr.appointments.ofPatient(access, followUp.pid);
  const ours = await findOurs(parts, access, { followUp, rows });
  const confirmation = readComment(ours[0]?.comment)?.confirmation ?? parts.newConfirmation();
  const job: Job = { ...asked, access, ours, confirmation };
  const booked = ours.find((one) => isAt(one, wanted));
  if (booked) return keepOrTakeBack(parts, job, booked);
  const question = without(await questionOf(parts, access, job), ours);
  checkRules(question, job);
  if (!freeTimes(question).some((time) => isAt(time, wanted))) return alternatives(question, wanted);
  const place = await placeOf(parts, job, { rows, question });
  try {
    const made = await make(parts, job, place);
    return await keepOrTakeBack(parts, job, made);
  } catch (thrown) {
    if (!(thrown instanceof ProblemError) || thrown.problem.code !== "time_taken") throw thrown;
    // A server that looks for clashes itself was asked a moment too late.
    return alternatives(without(await questionOf(parts, access, job), ours), wanted);
  }
}

function checkRules(question: AvailabilityQuestion, { followUp, wanted }: Job): void {
  const view = { today: dateIn(question.timeZone, question.nowMs), maximumDaysAhead: question.rules.maximumDaysAhead };
  if (isTooFarAhead(followUp, view)) throw problem("outside_rules", { field: "date", detail: "recall" });
  if (!isWithinRules(wanted, question)) throw problem("outside_rules", { field: "startTime" });
}

/** Books; when the answer is lost, looks for the appointment instead of booking again. */
async function make(
  parts: BookerParts,
  job: Job,
  place: { providerId: string; facilityId: string },
): Promise<Appointment> {
  const { access } = job;
  try {
    const eid = await parts.openemr.appointments.book(access, toNew(parts, job, place));
    const made = await parts.openemr.appointments.one(access, eid);
    if (made === undefined) throw problem("openemr_refused", { detail: "the booking did not stay" });
    return made;
  } catch (thrown) {
    const found = isOutcomeUnknown(thrown) ? await findLost(parts, job) : undefined;
    if (found === undefined) throw thrown;
    return found;
  }
}

async function findLost(parts: BookerParts, { access, followUp, wanted }: Job): Promise<Appointment | undefined> {
  const rows = await parts.openemr.appointments.ofPatient(access, followUp.pid);
  const ours = await findOurs(parts, access, { followUp, rows });
  return ours.find((one) => isAt(one, wanted));
}

/** The check after the fact: whoever else came to the same time stays, we go. Nobody else would take theirs back. */
async function keepOrTakeBack(parts: BookerParts, job: Job, made: Appointment): Promise<BookingOutcome> {
  const { access, followUp, wanted, ours } = job;
  const question = without(await questionOf(parts, access, job), [...ours, made]);
  if (!isAt(made, wanted) || made.clinicianId !== followUp.clinician.id) {
    await remove(parts, access, made);
    throw problem("openemr_refused", { detail: "booked at another time or clinician" });
  }
  if (!isStillFree(question, wanted)) {
    await takeBack(parts, job, made);
    return alternatives(question, wanted);
  }
  const old = ours.filter((one) => one.eid !== made.eid);
  return { booking: toBooking(job, made, await removeEach(parts, access, old)) };
}

/** What could not be removed: the desk must know of it. Asking again tries again. */
async function removeEach(parts: BookerParts, access: Access, old: readonly Appointment[]): Promise<LeftBehind[]> {
  const left: LeftBehind[] = [];
  for (const one of old) {
    await remove(parts, access, one).catch((thrown: unknown) => {
      if (!(thrown instanceof ProblemError)) throw thrown;
      left.push({ date: one.date, startTime: one.startTime, appointmentId: AppointmentId.parse(one.eid) });
    });
  }
  return left;
}

/** One that was changed to the new time, where the server can do that, goes back to where it was. */
async function takeBack(parts: BookerParts, job: Job, made: Appointment): Promise<void> {
  const before = job.ours.find((one) => one.eid === made.eid && !isAt(one, job.wanted));
  if (before === undefined) return remove(parts, job.access, made);
  const { date, startTime } = before;
  const { kind, durationMinutes } = job.followUp.booking ?? { ...job.wanted, ...job.rules };
  const old = { ...job, wanted: { date, startTime, kind }, rules: { ...job.rules, durationMinutes } };
  await parts.openemr.appointments.book(job.access, toNew(parts, old, before));
}

/** Nothing overlaps. The buffer and the notice were asked for before; they are no reason to take a booking back. */
function isStillFree(question: AvailabilityQuestion, wanted: Start): boolean {
  const rules = { ...question.rules, bufferMinutes: 0, minimumNoticeHours: 0 };
  const days = { from: wanted.date, to: wanted.date };
  return freeTimes({ ...question, rules, days }).some((time) => isAt(time, wanted));
}

/** When the answer is lost, what stands decides. */
async function remove(parts: BookerParts, access: Access, { eid, pid }: Appointment): Promise<void> {
  const lost = await parts.openemr.appointments.cancel(access, { eid, pid }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (lost !== undefined && !isOutcomeUnknown(lost)) throw lost;
  const left = await parts.openemr.appointments.one(access, eid);
  if (left !== undefined) throw lost ?? problem("openemr_refused", { detail: "the appointment could not be deleted" });
}

function alternatives(question: AvailabilityQuestion, wanted: Start): BookingOutcome {
  return { alternatives: alternativesTo(wanted, freeTimes(question)) };
}

function questionOf(
  parts: BookerParts,
  access: Access,
  { followUp, rules }: Pick<Job, "followUp" | "rules">,
): Promise<AvailabilityQuestion> {
  const today = dateIn(parts.timeZone, parts.clock.now());
  return parts.openemr.availability(access, {
    days: searchDays(followUp.window, today),
    clinicianId: followUp.clinician.id,
    patientId: followUp.patient.id,
    rules,
  });
}

/** Days, clinician and patient: what OpenEMR is asked for. */
function keyOf({ window, clinician, patient }: FollowUp): string {
  return JSON.stringify([window, clinician.id, patient.id]);
}

function knownOf({ booking }: FollowUp): Known[] {
  return booking === null ? [] : [{ ...booking, eid: booking.appointmentId }];
}

function partition<Item>(items: readonly Item[], isFirst: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}

function isOutcomeUnknown(thrown: unknown): boolean {
  return (
    thrown instanceof ProblemError &&
    ["timed_out", "openemr_down", "openemr_answer_unreadable", "conflict"].includes(thrown.problem.code)
  );
}
