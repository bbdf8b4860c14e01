/** The little clinic that the recordings were made in: five accounts, one client, at first no patients. */
import type { UserRow } from "#sandbox/openemr/rows.ts";
import type { World } from "#sandbox/openemr/world.ts";
import type { Recording } from "./recordings.ts";

export const recordedRedirectUri = "http://localhost:5173/callback";
export const secret = "secret-of-the-replay";
export const password = "password-of-the-replay";

const person = (id: number, uuidEnd: string, columns: Partial<UserRow>): UserRow => ({
  id,
  uuid: `a346cd96-${uuidEnd}`,
  username: `nobody${id}`,
  password: "",
  role: "front office",
  fname: null,
  lname: "",
  npi: null,
  email: null,
  active: false,
  ...columns,
});
const staff = { password, active: true };

export const users: UserRow[] = [
  person(1, "9ba2-457b-8a3d-dd7a5dbc4802", {
    ...staff,
    username: "admin",
    role: "administrator",
    fname: "",
    lname: "Administrator",
  }),
  person(2, "9ba9-43e4-8549-adcfa435d503", { lname: "phiMail Gateway" }),
  person(3, "9bab-40e0-b7a0-bacd326ba694", { lname: "Patient Portal User" }),
  person(4, "9bac-4361-85c0-c033afbba3ca", { lname: "System Operation User" }),
  person(5, "9bad-4caf-be6c-79cbfbd42e52", {
    ...staff,
    username: "drlee",
    role: "physician",
    fname: "Kim",
    lname: "Lee",
    npi: "1234567893",
    email: "drlee@example.org",
  }),
  person(6, "9baf-4a42-92f9-f005ae6bf227", {
    ...staff,
    username: "drray",
    role: "physician",
    fname: "Ann",
    lname: "Ray",
    npi: "1982736450",
    email: "drray@example.org",
  }),
  person(7, "9bb0-406c-a1e6-4a02eb0fd269", {
    ...staff,
    username: "frontd",
    role: "front office",
    fname: "Fay",
    lname: "Desk",
    npi: "",
    email: "front@example.org",
  }),
  person(8, "9bb1-476b-aa7c-6a81973b1318", {
    ...staff,
    username: "nurse",
    role: "nurse",
    fname: "Nia",
    lname: "Urse",
    npi: "",
    email: "nurse@example.org",
  }),
];

function recordedClient(scopes: readonly string[]) {
  return {
    secret,
    confidential: true,
    name: "Clinician Recorder",
    redirectUris: [recordedRedirectUri],
    postLogoutRedirectUris: ["http://localhost:5173/"],
    scopes: [...scopes],
  };
}

export function replayWorld({ clientId, otherClientId, scopes }: Recording): World {
  return {
    facility: {
      id: 3,
      uuid: "a346cd96-1656-4011-bb68-5ce3582676c3",
      locationUuid: "a346cd96-a52a-4662-ac8a-04533b0b3a3c",
      name: "Your Clinic Name Here",
      phone: "000-000-0000",
    },
    users,
    patients: [],
    clients: [
      { ...recordedClient(scopes), clientId, enabled: true },
      { ...recordedClient(scopes), clientId: otherClientId, enabled: false },
    ],
    demoAccounts: [],
    hasCalendar: false,
  };
}

/** The three patients, as the recordings have them from the patient topic on. */
export function withPatients(recording: Recording): World {
  const nothing = {
    mname: "",
    street: "",
    city: "",
    state: "",
    postal_code: "",
    phone_home: "",
    phone_cell: "",
    email: "",
  };
  const [ana, ben, zoe] = recording.patients;
  const home = {
    street: "1 Elm St",
    city: "Boston",
    state: "MA",
    postal_code: "02110",
    phone_cell: "617-555-0101",
    email: "ana@example.org",
  };
  return {
    ...replayWorld(recording),
    patients: [
      { ...nothing, ...home, id: 1, uuid: ana, fname: "Ana", lname: "Diaz", DOB: "1980-02-03", sex: "Female" },
      { ...nothing, id: 2, uuid: ben, fname: "Ben", lname: "Dixon", DOB: "1975-11-30", sex: "Male" },
      { ...nothing, id: 3, uuid: zoe, fname: "Zoë", mname: "Q", lname: "O'Neil-Łuk", DOB: "2012-07-04", sex: "Female" },
    ],
  };
}
