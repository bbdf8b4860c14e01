/** The calls of the trial: each that Chartside makes of the API, as the clinic server makes it. */
import { createRoleProbe } from "#bff/auth/role-probe.ts";
import { readBookingSettings } from "#bff/openemr/booking-rules.ts";
import { addDays } from "#model/calendar-date.ts";
import { dateIn } from "#model/clock.ts";
import { PatientId } from "#model/id.ts";
import type { UserId } from "#model/id.ts";
import { canonicalNote } from "#model/note.ts";
import { toProblem } from "#model/problem.ts";
import type { Role } from "#model/user.ts";
import { createAbilities } from "#openemr/abilities.ts";
import { freeTimes } from "#openemr/availability.ts";
import { createCall } from "#openemr/call.ts";
import type { Access } from "#openemr/call.ts";
import { createOpenEmr } from "#openemr/openemr.ts";
import type { OpenEmr } from "#openemr/openemr.ts";
import type { ChartPatient } from "#openemr/patients.ts";
import { wordsOf } from "./openemr-trial-terms.ts";
import type { OpenEmrTrial, Say } from "./openemr-trial-terms.ts";

type Who = { token: string; userId: UserId };
type Trying = { trial: OpenEmrTrial; openemr: OpenEmr; access: Access; userId: UserId; today: string; ask: Ask };
/** Asks, and says how it went; undefined when it went wrong. */
type Ask = <Value>(
  question: string,
  call: () => Promise<Value>,
  told?: (value: Value) => string,
) => Promise<Value | undefined>;

export async function tryCalls(trial: OpenEmrTrial, { token, userId }: Who, say: Say): Promise<void> {
  const { config, send, clock } = trial;
  const wire = { send, baseUrl: config.OPENEMR_URL, site: config.OPENEMR_SITE };
  const openemr = createOpenEmr({ ...wire, timeZone: config.CLINIC_TIME_ZONE, clock });
  const access = { token };
  const probe = createRoleProbe(config, send);
  const role = await probe.role(token);
  say("role, as far as OpenEMR lets it act", "yes", role.replace("_", " "));
  say("own name", (await probe.name(token, userId)) === "Signed in" ? "absent" : "yes");
  const ask = asker(say, role);
  const today = dateIn(config.CLINIC_TIME_ZONE, clock.now());
  const trying: Trying = { trial, openemr, access, userId, today, ask };
  const call = createCall(wire);
  const schedules = await createAbilities(call, clock).canSchedule(access);
  say("slots and bookings over FHIR", schedules ? "yes" : "absent", schedules ? "" : "the standard API is used");
  const patient = await tryReading(trying);
  if (trial.patientToWrite === undefined) return say("writing", "absent", "no patient was given to write to");
  const chosen = await ask("patient to write to", () =>
    openemr.patients.get(access, PatientId.parse(trial.patientToWrite)),
  );
  if (chosen !== undefined) await tryBooking(trying, chosen);
  if (chosen !== undefined && role !== "front_desk") await tryNote(trying, chosen);
  if (patient === undefined) say("reading a chart", "absent", "no patient was found to look at");
}

/** What the front desk may not is no fault of the server; anything else that Chartside needs is. */
function asker(say: Say, role: Role): Ask {
  return async (question, call, told = () => "") => {
    try {
      const value = await call();
      say(question, "yes", told(value));
      return value;
    } catch (thrown) {
      const { code } = toProblem(thrown);
      const isRole = code === "openemr_role_missing" || code === "openemr_scope_missing";
      say(question, isRole && role === "front_desk" ? "refused" : "no", wordsOf(thrown));
      return undefined;
    }
  };
}

async function tryReading({ openemr, access, userId, today, ask, trial }: Trying): Promise<ChartPatient | undefined> {
  const counted = (name: string) => (list: readonly unknown[]) => `${list.length} ${name}`;
  const found = await ask("patients by name", () => openemr.patients.search(access, "a"), counted("found"));
  await ask("calendar of today", () => openemr.calendar.ofDates(access, [today]), counted("rows"));
  await ask("worklist of today", () => openemr.worklist.ofDay(access, { date: today }), counted("appointments"));
  const [patient] = found ?? [];
  if (patient === undefined) return undefined;
  const { pid } = patient;
  const rules = readBookingSettings(trial.config.CHARTSIDE_BOOKING_RULES).rulesOf("follow_up");
  const days = { from: today, to: addDays(today, 7) };
  const question = { days, clinicianId: userId, patientId: patient.patient.id, rules };
  const times = async () => freeTimes(await openemr.availability(access, question));
  await ask("free times of this week", times, counted("times"));
  await ask("a patient's appointments", () => openemr.appointments.ofPatient(access, pid), counted("rows"));
  const key = { patientId: patient.patient.id, externalId: "chartside-check" };
  await ask("a patient's encounters", () => openemr.notes.findEncounter(access, key));
  return patient;
}

const comment = "Chartside check. May be deleted.";

async function tryBooking(trying: Trying, { patient, pid }: ChartPatient): Promise<void> {
  const { openemr, access, userId, today, ask, trial } = trying;
  const rows = await openemr.calendar.withColumns(access, [today]).catch(() => []);
  const providerId = rows.find((row) => row.clinicianId === userId)?.row?.pc_aid;
  if (!providerId) return;
  const wanted = { date: weekdayAfter(today), startTime: "11:30", durationMinutes: 15 };
  const place = { providerId, facilityId: trial.config.OPENEMR_FACILITY_ID, categoryId: "5" };
  const who = { pid, patientId: patient.id, clinicianId: userId };
  const book = () =>
    openemr.appointments.book(access, { ...wanted, ...place, ...who, title: "Chartside check", comment });
  const eid = await ask("book an appointment", book);
  if (eid === undefined) return;
  await ask("read it back", async () => {
    const one = await openemr.appointments.one(access, eid);
    if (one?.date !== wanted.date || one.startTime !== wanted.startTime) throw new Error("it is not what was booked");
  });
  await ask("take it away again", async () => {
    await openemr.appointments.cancel(access, { pid, eid });
    if ((await openemr.appointments.one(access, eid)) !== undefined) throw new Error("it is still there");
  });
}

/** Eight weeks ahead, where no calendar is full; a Wednesday. */
function weekdayAfter(today: string): string {
  const day = new Date(`${today}T12:00:00Z`).getUTCDay();
  return addDays(today, 56 + ((3 - day + 7) % 7));
}

async function tryNote({ openemr, access, today, ask, trial }: Trying, { patient, pid }: ChartPatient): Promise<void> {
  const place = { facilityId: trial.config.OPENEMR_FACILITY_ID, categoryId: trial.config.OPENEMR_VISIT_CATEGORY };
  const wanted = { patientId: patient.id, externalId: `chartside-check-${trial.clock.now()}`, date: today };
  const encounter = await ask("make an encounter", () =>
    openemr.notes.createEncounter(access, { ...wanted, ...place, reason: "Chartside check" }),
  );
  if (encounter === undefined) return;
  await ask("find it by our visit's id", async () => {
    const found = await openemr.notes.findEncounter(access, wanted);
    if (found?.id !== encounter.id) throw new Error("another one, or none");
  });
  const note = { subjective: comment, objective: "Größe “1,80 m”", assessment: "", plan: "One.\nTwo." };
  const noted = { pid, encounterId: encounter.id };
  const id = await ask("write a note", () => openemr.notes.write(access, noted, note));
  if (id === undefined) return;
  await ask("read it back, to the letter", async () => {
    const stored = await openemr.notes.read(access, noted, id);
    if (stored === undefined || canonicalNote(stored) !== canonicalNote(note)) throw new Error("it differs");
  });
}
