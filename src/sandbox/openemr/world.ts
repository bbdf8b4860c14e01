/** Who and what a sandbox starts with, and putting it into the chart. The clinic of `seed.ts` when nothing else is given. */
import { addDays } from "#model/calendar-date.ts";
import * as seed from "#sandbox/seed.ts";
import { lastSeededDay, officeHourMarks, rowsForDays, rowsForToday } from "#sandbox/seed-calendar.ts";
import type { SeedRow } from "#sandbox/seed-calendar.ts";
import { later } from "./api/appointments.ts";
import { minuteOfDay } from "./minute-of-day.ts";
import type { AppointmentRow, ClientRow, PatientRow, UserRow } from "./rows.ts";
import { now, today, uuidFor } from "./site.ts";
import type { Facility, Site } from "./site.ts";

export type World = {
  facility: Facility;
  users: readonly UserRow[];
  patients: readonly Omit<PatientRow, "createdAt">[];
  clients: readonly Omit<ClientRow, "id">[];
  /** Shown on the sign-in page. */
  demoAccounts: Site["demoAccounts"];
  /** A clinic's calendar, filled again at every start. */
  hasCalendar: boolean;
};

const userIds: Record<string, number> = { admin: 1, "dr.rivera": 5, "dr.okafor": 6, desk: 7 };
const npis: Record<string, string | null> = {
  admin: null,
  "dr.rivera": "1902846175",
  "dr.okafor": "1356729409",
  desk: "",
};
const staffRoles = { administrator: "administrator", clinician: "physician", front_desk: "front office" } as const;

export function demoWorld(appOrigin: string, clientSecret: string = seed.clientSecret): World {
  return {
    facility: seed.facility,
    users: seed.accounts.map((account) => toUser(account)),
    patients: seed.patients.map((patient) => toPatient(patient)),
    clients: [demoClient(appOrigin, clientSecret)],
    demoAccounts: seed.accounts,
    hasCalendar: true,
  };
}

function toUser({ role, username, password, name, userUuid }: seed.Account): UserRow {
  const [fname = "", lname = ""] = name.split(" ", 2);
  const email = `${username}@clinic.example`;
  const id = userIds[username] ?? 0;
  return {
    id,
    uuid: userUuid,
    username,
    password,
    role: staffRoles[role],
    fname,
    lname,
    npi: npis[username] ?? null,
    email,
    active: true,
  };
}

function toPatient(patient: seed.SeedPatient): World["patients"][number] {
  return {
    id: patient.pid,
    uuid: patient.uuid,
    fname: patient.firstName,
    mname: patient.middleName,
    lname: patient.lastName,
    DOB: patient.birthDate,
    sex: patient.sex,
    street: `${patient.pid} Invented Street`,
    city: "Sandbury",
    state: "NY",
    postal_code: "00501",
    phone_home: "",
    phone_cell: patient.phone,
    email: "",
  };
}

/** Registered and enabled, as an administrator would have done it. */
function demoClient(appOrigin: string, clientSecret: string): Omit<ClientRow, "id"> {
  return {
    clientId: seed.clientId,
    secret: clientSecret,
    confidential: true,
    enabled: true,
    name: "Chartside",
    redirectUris: [`${appOrigin}/callback`],
    postLogoutRedirectUris: [`${appOrigin}/`],
    initiateLoginUri: `${appOrigin}/launch`,
    scopes: [...seed.clientScopes],
  };
}

/** Puts in what is missing and changes nothing else; the client's addresses follow the app. */
export function plant(site: Site, world: World): void {
  const { chart } = site;
  chart.together(() => {
    for (const user of world.users) if (!chart.users.one(user.id)) chart.users.put(user);
    for (const patient of world.patients) {
      if (!chart.patients.one(patient.id)) chart.patients.put({ ...patient, createdAt: now(site) });
    }
    for (const client of world.clients) {
      const before = chart.clients.find((row) => row.clientId === client.clientId);
      if (before) chart.clients.put({ ...client, id: before.id });
      else chart.clients.add(client);
    }
    if (world.hasCalendar) fillCalendar(site);
  });
}

/** Today and the weeks ahead; days that were filled before are left as they have become. */
function fillCalendar(site: Site): void {
  const { appointments, settings } = site.chart;
  const date = today(site);
  const filledTo = settings.get("calendar-filled-to");
  const first = filledTo !== undefined && filledTo > date ? filledTo : date;
  const rows = [
    ...(filledTo === undefined ? officeHourMarks(date) : []),
    ...rowsForDays(addDays(first, 1), lastSeededDay(date)),
    ...rowsForToday(date, appointments.all().map(toTaken)),
  ];
  for (const row of rows) appointments.add(toAppointment(site, row));
  settings.set("calendar-filled-to", lastSeededDay(date));
}

function toTaken(row: AppointmentRow) {
  const startMinute = minuteOfDay(row.startTime);
  const minutes = row.duration / 60;
  return { providerId: row.aid ?? 0, pid: row.pid, date: row.eventDate, startMinute, minutes, status: row.apptstatus };
}

function toAppointment(site: Site, row: SeedRow): Omit<AppointmentRow, "id"> {
  const startTime = later("00:00:00", row.startMinute * 60);
  return {
    uuid: uuidFor(`${row.date} ${startTime} ${row.providerId} ${row.pid} ${row.categoryId}`),
    pid: row.pid,
    aid: row.providerId,
    catid: row.categoryId,
    title: row.title,
    duration: row.minutes * 60,
    hometext: row.title,
    apptstatus: row.status,
    eventDate: row.date,
    startTime,
    endTime: later(startTime, row.minutes * 60),
    facility: site.facility.id,
    billingLocation: site.facility.id,
    informant: 1,
    createdAt: now(site),
  };
}
