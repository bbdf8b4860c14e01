/** FHIR Schedule, one for each practitioner, and Slot: half hours of the office hours, free or busy. */
import { addDays, datesBetween } from "#model/calendar-date.ts";
import type { Answer } from "#sandbox/openemr/answer.ts";
import type { ApiRequest } from "#sandbox/openemr/api/api-request.ts";
import { reference } from "#sandbox/openemr/fhir/resource-parts.ts";
import type { Resource, Searchable } from "#sandbox/openemr/fhir/search.ts";
import type { UserRow } from "#sandbox/openemr/rows.ts";
import { today } from "#sandbox/openemr/site.ts";
import type { Site } from "#sandbox/openemr/site.ts";
import { clockText, instantText } from "./clinic-time.ts";
import { isOpen, officeHours, practitioners, rowsDuring, slotMinutes } from "./occupied.ts";
import type { Span } from "./occupied.ts";
import { fhirJson, outcome } from "./outcome.ts";
import { refersTo, searchset } from "./searchset.ts";

type SlotRow = Span & { user: UserRow; status: "free" | "busy" | "busy-unavailable" };

/** A search without an end looks one week ahead; none looks further than two months. */
const weekDays = 7;
const longestDays = 62;

export function searchSchedules(request: ApiRequest): Answer {
  const { site } = request;
  return searchset(request, {
    rows: practitioners(site),
    parameters: {
      _id: (user, value) => value === scheduleId(user),
      actor: (user, value) => refersTo(value, "Practitioner", user),
      active: (_user, value) => value === "true",
    },
    toResource: (user) => toSchedule(site, user),
  });
}

export function readSchedule({ site, parameter }: ApiRequest): Answer {
  const user = practitioners(site).find((row) => scheduleId(row) === parameter("id"));
  return user ? fhirJson(200, toSchedule(site, user)) : outcome(404, "not-found", "There is no such Schedule");
}

export function searchSlots(request: ApiRequest): Answer {
  const { site, query } = request;
  const dates = datesAsked(site, query.getAll("start"));
  if (dates === undefined)
    return outcome(400, "invalid", "start is a date or an instant, with ge, gt, le or lt before it");
  return searchset(request, slots(site, dates));
}

export function readSlot({ site, parameter }: ApiRequest): Answer {
  const date = /^\d+-(\d{4}-\d\d-\d\d)-\d{4}$/u.exec(parameter("id"))?.[1];
  const { rows, toResource } = slots(site, date === undefined ? [] : [date]);
  const slot = rows.find((row) => slotId(row) === parameter("id"));
  return slot ? fhirJson(200, toResource(slot)) : outcome(404, "not-found", "There is no such Slot");
}

function slots(site: Site, dates: readonly string[]): Searchable<SlotRow> {
  return {
    rows: dates.flatMap((date) => practitioners(site).flatMap((user) => slotsOf(site, user, date))),
    parameters: {
      _id: (slot, value) => value === slotId(slot),
      start: (slot, value) => startFits(site, slot, value),
      status: (slot, value) => value === slot.status,
      schedule: (slot, value) => value.replace(/^Schedule\//u, "") === scheduleId(slot.user),
      "schedule.actor": (slot, value) => refersTo(value, "Practitioner", slot.user),
      // Every slot is open to every sort of appointment.
      "appointment-type": () => true,
    },
    toResource: (slot) => toSlot(site, slot),
  };
}

function slotsOf(site: Site, user: UserRow, date: string): SlotRow[] {
  const rows: SlotRow[] = [];
  for (let from = officeHours.from; from < officeHours.to; from += slotMinutes) {
    const span = { date, from, to: from + slotMinutes };
    if (isOpen(span)) rows.push({ ...span, user, status: statusOf(site, user, span) });
  }
  return rows;
}

/** What is over, and what the practitioner has blocked, is unavailable. */
function statusOf(site: Site, user: UserRow, span: Span): SlotRow["status"] {
  if (instantMs(site, span) < site.clock.now()) return "busy-unavailable";
  const standing = rowsDuring(site, span).filter((row) => row.aid === user.id);
  if (standing.length === 0) return "free";
  return standing.some((row) => row.pid !== null) ? "busy" : "busy-unavailable";
}

function instantMs(site: Site, { date, from }: Span): number {
  return Date.parse(instantText(site, { date, minute: from }));
}

const startValue = /^(eq|ge|gt|le|lt)?(\d{4}-\d\d-\d\d)(T.*)?$/u;

/** The days that the search can reach; undefined when a value cannot be read. */
function datesAsked(site: Site, values: readonly string[]): string[] | undefined {
  const matches = values.flatMap((value) => value.split(",")).map((value) => startValue.exec(value));
  if (matches.some((match) => match === null || Number.isNaN(Date.parse(`${match[2]}${match[3] ?? ""}`))))
    return undefined;
  const days = (prefixes: readonly string[]): string[] =>
    matches.flatMap((match) => (prefixes.includes(match?.[1] ?? "eq") ? [match?.[2] ?? ""] : []));
  const first = days(["eq", "ge", "gt"]).sort()[0] ?? today(site);
  const last = days(["eq", "le", "lt"]).sort().at(-1) ?? addDays(first, weekDays - 1);
  const furthest = addDays(first, longestDays);
  // Days of another zone begin or end one day aside.
  return datesBetween(addDays(first, -1), addDays(last < furthest ? last : furthest, 1));
}

function startFits(site: Site, slot: SlotRow, value: string): boolean {
  const [, prefix = "eq", date = "", time] = startValue.exec(value) ?? [];
  const order =
    time === undefined ? slot.date.localeCompare(date) : instantMs(site, slot) - Date.parse(`${date}${time}`);
  return { eq: order === 0, ge: order >= 0, gt: order > 0, le: order <= 0, lt: order < 0 }[prefix] === true;
}

function toSchedule(site: Site, user: UserRow): Resource {
  const name = [user.fname ?? "", user.lname].join(" ").trim();
  return {
    resourceType: "Schedule",
    id: scheduleId(user),
    active: user.active,
    actor: [{ ...reference("Practitioner", user.uuid), display: name }],
    planningHorizon: {
      start: instantText(site, { date: today(site), minute: officeHours.from }),
      end: instantText(site, { date: addDays(today(site), longestDays), minute: officeHours.to }),
    },
  };
}

function toSlot(site: Site, slot: SlotRow): Resource {
  const { user, date, from, to, status } = slot;
  return {
    resourceType: "Slot",
    id: slotId(slot),
    schedule: { reference: `Schedule/${scheduleId(user)}` },
    status,
    start: instantText(site, { date, minute: from }),
    end: instantText(site, { date, minute: to }),
  };
}

function scheduleId({ id }: UserRow): string {
  return `schedule-${id}`;
}

/** `5-2026-12-08-0900` */
function slotId({ user, date, from }: SlotRow): string {
  return `${user.id}-${date}-${clockText(from).replace(":", "")}`;
}
