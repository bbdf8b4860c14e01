/** The invented clinic of the sandbox: its people, its patients and the registered client. Plain constants, all made up. */
import type { Role } from "#model/user.ts";

export type Account = { role: Role; username: string; password: string; name: string; userUuid: string };

export const accounts = [
  {
    role: "clinician",
    username: "dr.rivera",
    password: "demo-rivera",
    name: "Elena Rivera",
    userUuid: "5a0d0001-0c11-4a10-9a00-000000000005",
  },
  {
    role: "clinician",
    username: "dr.okafor",
    password: "demo-okafor",
    name: "Samuel Okafor",
    userUuid: "5a0d0001-0c11-4a10-9a00-000000000006",
  },
  {
    role: "front_desk",
    username: "desk",
    password: "demo-desk",
    name: "Priya Nair",
    userUuid: "5a0d0001-0c11-4a10-9a00-000000000007",
  },
  {
    role: "administrator",
    username: "admin",
    password: "demo-admin",
    name: "Morgan Hale",
    userUuid: "5a0d0001-0c11-4a10-9a00-000000000001",
  },
] as const satisfies readonly Account[];

export type SeedPatient = {
  /** OpenEMR's numeric patient id; also the record number. */
  pid: number;
  uuid: string;
  firstName: string;
  middleName: string;
  lastName: string;
  birthDate: string;
  sex: "Female" | "Male" | "UNK";
  phone: string;
};

const people: readonly [first: string, middle: string, last: string, birthDate: string, sex: SeedPatient["sex"]][] = [
  ["Ada", "", "Quill", "1961-05-14", "Female"],
  ["Tobias", "", "Fenwick", "1988-09-02", "Male"],
  ["Zoë", "", "Łukasiewicz", "1995-03-27", "Female"],
  ["Bartholomew", "Alexander", "Featherstonehaugh-Montgomery", "1949-12-31", "Male"],
  ["Marisol", "", "Vega", "2017-06-19", "Female"],
  ["Walter", "J", "Brandt", "1936-01-08", "Male"],
  ["Noor", "", "Haddad", "1979-11-23", "Female"],
  ["Ade", "", "Bankole", "2004-02-29", "Male"],
  ["June", "", "Whitlock", "1953-07-04", "Female"],
  ["Seán", "", "Ó Dálaigh", "1970-10-10", "Male"],
  ["Linh", "", "Tran", "1991-08-15", "Female"],
  ["Casey", "", "Moore", "2024-04-01", "UNK"],
];

export const patients: readonly SeedPatient[] = people.map(
  ([firstName, middleName, lastName, birthDate, sex], index) => ({
    pid: index + 1,
    uuid: `5a0d0002-0c22-4a20-9a00-${String(index + 1).padStart(12, "0")}`,
    firstName,
    middleName,
    lastName,
    birthDate,
    sex,
    phone: `555-0100-${String(index + 1).padStart(2, "0")}`,
  }),
);

export const facility = {
  id: 3,
  uuid: "5a0d0003-0c33-4a30-9a00-000000000003",
  /** OpenEMR calls this `facility_uuid` in appointment rows; it is the FHIR Location of the facility. */
  locationUuid: "5a0d0004-0c44-4a40-9a00-000000000003",
  name: "Chartside Clinic",
  phone: "555-0100-99",
} as const;

export const clientId = "chartside-sandbox";
export const clientSecret = "chartside-sandbox-secret";

/** Read and write style: valid on OpenEMR 7.0 to 8.2. */
export const clientScopes = [
  "openid",
  "fhirUser",
  "offline_access",
  "api:oemr",
  "api:fhir",
  "launch",
  "user/patient.read",
  "user/patient.write",
  "user/appointment.read",
  "user/appointment.write",
  "user/encounter.read",
  "user/encounter.write",
  "user/soap_note.read",
  "user/soap_note.write",
  "user/practitioner.read",
  "user/facility.read",
  "user/Appointment.read",
  "user/Person.read",
  "user/Location.read",
  "user/Patient.read",
] as const;
