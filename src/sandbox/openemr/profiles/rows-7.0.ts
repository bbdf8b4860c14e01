/** Rows of the standard API as 7.0.0 writes them: fewer columns, all numbers as text (facts 16 to 19). */
import { asText, without } from "./columns.ts";
import type { Profile, Row } from "./profile.ts";

const laterAppointmentColumns =
  "pc_uuid pce_aid_fname pce_aid_lname pc_time pc_pid pc_title pc_hometext pc_website pc_informant facility_uuid billing_location_uuid".split(
    " ",
  );
const laterPatientColumns =
  "interpreter interpreter_needed advance_directive_user_authenticator provider_since_date created_by updated_by preferred_name nationality_country tribal_affiliations sex_identified pronoun last_updated addresses".split(
    " ",
  );
const laterPractitionerColumns = ["country_code", "country_code2", "date_created", "last_updated"];
const laterFacilityColumns = ["organization_type", "inactive", "date_created", "last_updated"];
const laterEncounterColumns =
  "last_update referring_provider_id ordering_provider_id referrer_uuid referrer_username".split(" ");

export const rows70: Profile["rows"] = {
  appointment: (row) => asText(without(row, laterAppointmentColumns)),
  document: (row) => ({ ...asText(without(row, ["hash"])), filename: nameless(String(row["hash"])) }),
  encounter: (row) => asText(without(row, laterEncounterColumns)),
  facility: (row) => without(row, laterFacilityColumns),
  option: (row) => asText(without(row, ["last_updated"])),
  patient,
  practitioner: (row) => asText(without(row, laterPractitionerColumns)),
  soapNote: asText,
  version: () => ({
    v_major: "7",
    v_minor: "0",
    v_patch: "0",
    v_realpatch: "0",
    v_tag: "-dev",
    v_database: "452",
    v_acl: "12",
  }),
  vital,
};

/** The column was misspelt, and the day of registration was a day. */
function patient(row: Row): Row {
  const columns = without(row, laterPatientColumns);
  const regdate = String(row["regdate"]).slice(0, 10);
  return asText({ ...columns, interpretter: row["interpreter"], regdate });
}

/** Two decimals. */
function vital(row: Row): Row {
  const columns = without(row, ["last_updated", "date_created"]);
  const short = ([column, value]: [string, unknown]): [string, unknown] => [
    column,
    typeof value === "string" && /^\d+\.\d{6}$/u.test(value) ? value.slice(0, -4) : value,
  ];
  return asText(Object.fromEntries(Object.entries(columns).map(short)));
}

/** The name under which 7.0 keeps a file, a uuid; the one it was given is not shown (recording document "list"). */
function nameless(hash: string): string {
  return [hash.slice(0, 8), hash.slice(8, 12), hash.slice(12, 16), hash.slice(16, 20), hash.slice(20, 32)].join("-");
}
