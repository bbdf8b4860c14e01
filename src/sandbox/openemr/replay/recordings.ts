/** The recorded servers: which profile stands for each, who was there, when it began, and what of it cannot be replayed. */
import type { ProfileName } from "#sandbox/openemr/profiles/profile.ts";

export type Recording = {
  /** The folder below `traffic/`. */
  version: "7.0" | "8.0" | "8.2";
  profile: ProfileName;
  clientId: string;
  /** Another client there, never enabled. */
  otherClientId: string;
  /** What nearly every recorded token had. */
  scopes: readonly string[];
  /** The uuid that the physician had there. */
  physician: string;
  /** Of the three patients of the calendar and the notes. */
  patients: readonly [string, string, string];
  /** When the empty clinic began to be filled; the calendar; the notes. */
  startsAt: { clinic: string; calendar: string; notes: string };
  /** Where the recorded sign-ins sent a nonce. */
  topicsWithNonce: readonly string[];
  /** `topic: label`; the reasons are in traffic/README.md. */
  notReplayed: readonly string[];
};

const letters = (
  "openid fhirUser offline_access api:oemr api:fhir user/patient.rs user/appointment.crds user/encounter.crus " +
  "user/soap_note.crus user/vital.crus user/document.crs user/facility.rs user/practitioner.rs user/list.r user/message.cud " +
  "user/user.rs user/Appointment.rs user/Patient.rs user/Person.rs user/Location.rs user/Practitioner.rs user/Encounter.rs " +
  "user/Organization.rs user/DocumentReference.rs"
).split(" ");

const switches = [
  "errors: user deactivated",
  "errors: client disabled after token",
  "errors: rest_api switched off",
  "fhir: POST Patient",
];

const readWrite = (
  "openid fhirUser offline_access api:oemr api:fhir user/patient.read user/appointment.read user/appointment.write " +
  "user/encounter.read user/encounter.write user/soap_note.read user/soap_note.write user/vital.read user/vital.write " +
  "user/document.read user/document.write user/facility.read user/practitioner.read user/list.read user/message.write " +
  "user/Patient.read user/Person.read user/Location.read user/Practitioner.read user/Encounter.read user/Organization.read " +
  "user/DocumentReference.read"
).split(" ");

export const recordings: readonly Recording[] = [
  {
    version: "7.0",
    profile: "openemr-7.0.0",
    clientId: "YqV9qNQoqtSzH8CEzgisMi0u5sbJrZi8bJXlxV1z8Mk",
    otherClientId: "kI7arl4Nh_49QcpODc1qx1zHo4mEnRloJzd0m7oHtAo",
    scopes: readWrite,
    physician: "a346c688-3859-4ff7-88d6-8f69e02e6040",
    patients: [
      "a346cf2e-a9bb-4f6c-96ca-ec42e66e03b4",
      "a346cf2e-b208-466a-a090-548aa12eb343",
      "a346cf2e-bd18-4923-aa1b-7b9de1337fd5",
    ],
    startsAt: { clinic: "2026-11-21T07:13:07Z", calendar: "2026-11-21T07:13:07Z", notes: "2026-11-21T07:13:07Z" },
    topicsWithNonce: ["consent-unticked", "authorize-pkce-token", "refresh", "introspect", "logout"],
    notReplayed: [
      ...switches,
      "refresh: two refreshes at once #2",
      "list: product",
      "document: download",
      "registration: v2 style scope",
    ],
  },
  {
    version: "8.0",
    profile: "openemr-8.0",
    clientId: "e8omnmDBZOTPUvxUeV9xq2Y6xqeW8TH2_Uw0D100tp4",
    otherClientId: "-bbGLmHuVlwWYIZzZP8sFEteft6TJc8cmfsdjyrwyd8",
    scopes: letters,
    physician: "a346cb7b-8143-4d6a-a686-cfa07ec64262",
    patients: [
      "a346cf40-6d09-4a23-ad8f-367459f4a925",
      "a346cf40-77a1-4b07-8751-80cdea265e29",
      "a346cf40-82eb-4f19-b152-1a73ee5cd554",
    ],
    startsAt: { clinic: "2026-11-21T07:13:19Z", calendar: "2026-11-21T07:15:01Z", notes: "2026-11-21T07:15:04Z" },
    topicsWithNonce: [],
    notReplayed: [
      ...switches,
      "refresh: two refreshes at once #2",
      "fhir_appointment: date[]=ge2027-03-01&date[]=le2027-03-02",
      "fhir_appointment: _sort=date",
    ],
  },
  {
    version: "8.2",
    profile: "openemr-8.2",
    clientId: "nH10H2WL_qNBmisvvxV0JFI465znwFaqOs8iZs2eoOo",
    otherClientId: "YsLs9EmOuzdJAzzJFI-tVckCD2csMcDuXSogAvFVirY",
    scopes: letters,
    physician: "a346cd96-9bad-4caf-be6c-79cbfbd42e52",
    patients: [
      "a346cde0-cb79-4f84-89c8-b1b098884815",
      "a346cde0-d664-4819-a04c-609100e8d242",
      "a346cde0-e000-4000-8000-000000000003",
    ],
    startsAt: { clinic: "2026-11-21T07:13:38Z", calendar: "2026-11-21T07:11:12Z", notes: "2026-11-21T07:11:13Z" },
    topicsWithNonce: [],
    notReplayed: switches,
  },
];
