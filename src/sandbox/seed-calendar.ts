/**
 * The sandbox clinic's calendar. In: today's date in the clinic and the rows already there. Out: the rows to add, so that both
 * clinicians have patients today whatever day it is, and part-full weekdays for eight weeks. The same date always gives the
 * same rows; what users booked or cancelled is left alone.
 */
import { addDays, datesBetween, weekdayOf } from "#model/calendar-date.ts";
import { patients } from "./seed.ts";

export type SeedRow = {
  providerId: number;
  /** Null: a block in the provider's own calendar. */
  pid: number | null;
  categoryId: number;
  title: string;
  date: string;
  startMinute: number;
  minutes: number;
  status: string;
};
export type TakenTime = Pick<SeedRow, "providerId" | "pid" | "date" | "startMinute" | "minutes" | "status">;

export const weeksAhead = 8;
/** OpenEMR's own category numbers (its sql/database.sql). */
const category = { inOffice: 2, outOfOffice: 3, vacation: 4, officeVisit: 5, lunch: 8, established: 9, newPatient: 10 };
const rivera = 5;
const okafor = 6;
export const providerIds = [rivera, okafor] as const;

const todaysVisits: readonly [provider: number, pid: number, time: string, minutes: number, reason: string][] = [
  [rivera, 1, "08:00", 30, "Chest pain"],
  [rivera, 4, "09:00", 30, "Medication review"],
  [rivera, 6, "10:15", 30, "Blood pressure check"],
  [rivera, 7, "11:00", 30, "Thyroid follow-up"],
  [rivera, 9, "13:30", 45, "Diabetes follow-up"],
  [rivera, 11, "15:30", 30, "Persistent cough"],
  [okafor, 2, "08:30", 30, "Knee pain after fall"],
  [okafor, 3, "09:30", 30, "Migraine"],
  [okafor, 5, "10:30", 15, "Well child visit"],
  [okafor, 8, "11:15", 30, "Sports physical"],
  [okafor, 10, "14:00", 30, "Low back pain"],
  [okafor, 12, "16:30", 30, "Ear infection, recheck"],
];

const reasons = [
  "Blood pressure check",
  "Diabetes follow-up",
  "Knee pain follow-up",
  "Annual physical",
  "Cough and fever",
  "Medication review",
  "Skin rash",
  "Headache follow-up",
  "Shoulder pain",
  "Wound check",
  "Lab results",
  "Asthma check",
] as const;

/** Today's rows: the fixed visits of patients who have none with that clinician today, each at its time or the next free one. */
export function rowsForToday(today: string, taken: readonly TakenTime[]): SeedRow[] {
  const rows: SeedRow[] = [];
  const standing = taken.filter((row) => row.date === today && row.status !== "x" && !isLongBlock(row));
  const all = (): TakenTime[] => [...standing, ...rows];
  if (!all().some((row) => row.pid === null)) rows.push(...providerIds.map((providerId) => lunchOn(today, providerId)));
  for (const [providerId, pid, time, minutes, title] of todaysVisits) {
    if (all().some((row) => row.providerId === providerId && row.pid === pid)) continue;
    const startMinute = firstFree(all(), { providerId, pid, from: minuteOf(time), minutes });
    if (startMinute === undefined) continue;
    const status = startMinute === minuteOf("08:00") ? "@" : "-";
    rows.push({ providerId, pid, categoryId: category.officeVisit, title, date: today, startMinute, minutes, status });
  }
  if (!taken.some((row) => row.date === today && row.status === "x")) rows.push(cancelledOn(today));
  return rows;
}

/** The weekdays from `first` to `last`: lunch, blocks, and as many visits as a busy or a quiet day has. */
export function rowsForDays(first: string, last: string): SeedRow[] {
  const weekdays = datesBetween(first, last).filter((date) => !["saturday", "sunday"].includes(weekdayOf(date)));
  return weekdays.flatMap((date) => dayOf(date));
}

/** Once, as clinics have it: office hours as a weekly mark, of which OpenEMR's API shows only the first day. */
export function officeHourMarks(date: string): SeedRow[] {
  const mark = (providerId: number, categoryId: number, startMinute: number): SeedRow => ({
    ...blockAt(date, providerId),
    categoryId,
    title: categoryId === category.inOffice ? "In Office" : "Out Of Office",
    startMinute,
    minutes: 0,
  });
  return providerIds.flatMap((id) => [mark(id, category.inOffice, 8 * 60), mark(id, category.outOfOffice, 17 * 60)]);
}

export function lastSeededDay(today: string): string {
  return addDays(today, weeksAhead * 7);
}

function dayOf(date: string): SeedRow[] {
  const rows: SeedRow[] = [];
  for (const providerId of providerIds) {
    const blocks = blocksOn(date, providerId);
    rows.push(...blocks);
    rows.push(...visitsOn(date, providerId, rows));
  }
  return rows;
}

function blocksOn(date: string, providerId: number): SeedRow[] {
  const week = Math.floor(Date.parse(`${date}T00:00:00Z`) / 604_800_000);
  const block = blockAt(date, providerId);
  const onVacation = (week + providerId) % 9 === 0 && !["monday", "friday"].includes(weekdayOf(date));
  if (onVacation)
    return [{ ...block, categoryId: category.vacation, title: "Vacation", startMinute: 480, minutes: 540 }];
  const lunch = lunchOn(date, providerId);
  if (weekdayOf(date) !== (providerId === rivera ? "thursday" : "tuesday")) return [lunch];
  return [
    lunch,
    { ...block, categoryId: category.outOfOffice, title: "Out Of Office", startMinute: 780, minutes: 240 },
  ];
}

function visitsOn(date: string, providerId: number, taken: readonly SeedRow[]): SeedRow[] {
  const dice = diceFor(`${date}/${providerId}`);
  const fullness = 0.12 + dice() * 0.22;
  const rows: SeedRow[] = [];
  for (let minute = 480; minute < 1020; minute += 15) {
    if (dice() > fullness) continue;
    const visit = visitAt(date, minute, dice);
    const pid = Math.floor(dice() * patients.length) + 1;
    const clashes = [...taken, ...rows].some((row) => clashesWith(row, { ...visit, providerId, pid }));
    if (clashes || minute + visit.minutes > 1020) continue;
    rows.push({ ...visit, providerId, pid });
    minute += visit.minutes - 15;
  }
  return rows;
}

function visitAt(date: string, startMinute: number, dice: () => number): Omit<SeedRow, "providerId" | "pid"> {
  const minutes = [15, 30, 30, 45][Math.floor(dice() * 4)] ?? 30;
  const title = reasons[Math.floor(dice() * reasons.length)] ?? "Annual physical";
  return { categoryId: category.established, title, date, startMinute, minutes, status: "-" };
}

function blockAt(date: string, providerId: number): SeedRow {
  return { providerId, pid: null, categoryId: 0, title: "", date, startMinute: 0, minutes: 0, status: "-" };
}

function lunchOn(date: string, providerId: number): SeedRow {
  return { ...blockAt(date, providerId), categoryId: category.lunch, title: "Lunch", startMinute: 720, minutes: 60 };
}

/** A cancelled visit still stands in OpenEMR's lists. */
function cancelledOn(date: string): SeedRow {
  const visit = visitAt(date, minuteOf("15:00"), () => 0.5);
  return { ...visit, providerId: okafor, pid: 2, title: "Flu shot", minutes: 15, status: "x" };
}

/** Nobody is on vacation today, or there would be nothing to try. */
function isLongBlock(row: TakenTime): boolean {
  return row.pid === null && row.minutes > 60;
}

type WantedTime = { providerId: number; pid: number; from: number; minutes: number };

function firstFree(taken: readonly TakenTime[], wanted: WantedTime): number | undefined {
  const later = Array.from({ length: 35 }, (_, step) => 480 + step * 15).filter(
    (minute) => minute <= minuteOf("16:30"),
  );
  return [wanted.from, ...later].find((startMinute) => {
    const time = { providerId: wanted.providerId, pid: wanted.pid, startMinute, minutes: wanted.minutes };
    return !taken.some((row) => clashesWith(row, time));
  });
}

type Time = Pick<SeedRow, "providerId" | "pid" | "startMinute" | "minutes">;

function clashesWith(one: Time, other: Time): boolean {
  const samePerson = one.providerId === other.providerId || (one.pid !== null && one.pid === other.pid);
  const overlap =
    one.startMinute < other.startMinute + other.minutes && other.startMinute < one.startMinute + one.minutes;
  return samePerson && overlap;
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** A repeatable row of numbers from 0 to 1 (FNV-1a, then xorshift). */
function diceFor(text: string): () => number {
  let state = 2_166_136_261;
  for (const character of text) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 16_777_619);
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4_294_967_296;
  };
}
