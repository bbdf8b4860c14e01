/** The chart as a test wants to see it: by patient, notes under their encounters' numbers, in plain words. */
import type { AppointmentRow, PatientRow } from "./rows.ts";
import type { Site } from "./site.ts";

export type ChartView = { patients: PatientView[] };
export type PatientView = {
  pid: number;
  uuid: string;
  name: string;
  birthDate: string;
  encounters: {
    number: number;
    uuid: string;
    date: string;
    reason: string | null;
    externalId: string | null;
    provider: string | null;
  }[];
  soapNotes: SoapNoteView[];
  /** In order of time, cancelled ones (`status` "x") too. */
  appointments: AppointmentView[];
  documents: { number: number; filename: string; category: string | null }[];
};
export type SoapNoteView = {
  sid: number;
  /** The number of the encounter it was filed under, whether that exists or not. */
  encounter: number | null;
  date: string;
  subjective: string | null;
  objective: string | null;
  assessment: string | null;
  plan: string | null;
};
export type AppointmentView = {
  eid: number;
  date: string;
  startTime: string;
  endTime: string;
  title: string;
  comment: string;
  status: string;
  /** The provider's username. */
  provider: string | null;
};

export function viewChart(site: Site): ChartView {
  return { patients: site.chart.patients.all().map((patient) => viewPatient(site, patient)) };
}

function viewPatient(site: Site, { id: pid, uuid, fname, mname, lname, DOB }: PatientRow): PatientView {
  const { chart } = site;
  const ofPatient = <Row extends { pid: number | null }>(rows: Row[]): Row[] => rows.filter((row) => row.pid === pid);
  const username = (userId: number | null): string | null => chart.users.one(userId ?? 0)?.username ?? null;
  const appointments = ofPatient(chart.appointments.all()).map((row) => viewAppointment(row, username(row.aid)));
  return {
    pid,
    uuid,
    name: [fname, mname, lname].filter((part) => part !== "").join(" "),
    birthDate: DOB,
    encounters: ofPatient(chart.encounters.all()).map((row) => ({
      number: row.encounter,
      uuid: row.uuid,
      date: row.date,
      reason: row.reason,
      externalId: row.externalId,
      provider: username(row.providerId),
    })),
    soapNotes: ofPatient(chart.soapNotes.all()).map((row) => {
      const { id: sid, pid: _, ...note } = row;
      const form = chart.forms.find(({ kind, formId }) => kind === "soap" && formId === sid);
      return { sid, encounter: form?.encounter ?? null, ...note };
    }),
    appointments: appointments.toSorted((one, other) => whenOf(one).localeCompare(whenOf(other))),
    documents: ofPatient(chart.documents.all()).map(({ number, filename, category }) => ({
      number,
      filename,
      category,
    })),
  };
}

function viewAppointment(row: AppointmentRow, provider: string | null): AppointmentView {
  const { id: eid, eventDate: date, startTime, endTime, title, hometext: comment, apptstatus: status } = row;
  return { eid, date, startTime, endTime, title, comment, status, provider };
}

function whenOf({ date, startTime }: AppointmentView): string {
  return `${date} ${startTime}`;
}
