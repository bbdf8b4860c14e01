/** Practitioners, users and the facility: administrators only. */
import type { Answer } from "#sandbox/openemr/answer.ts";
import { last } from "#sandbox/openemr/incoming.ts";
import { shown } from "#sandbox/openemr/profiles/shown.ts";
import type { UserRow } from "#sandbox/openemr/rows.ts";
import type { ApiRequest } from "./api-request.ts";
import { enveloped, invalid, paged } from "./envelope.ts";
import { equalsLike, startsLike } from "./text-match.ts";

const practitionerNulls =
  "source mname suffix federaltaxid federaldrugid upin facility title billname google_signin_email url assistant organization valedictory street streetb city state zip country_code street2 streetb2 city2 state2 zip2 country_code2 phone fax phonew1 phonew2 phonecell notes state_license_number weno_prov_id newcrop_user_role cpoe physician_type billing_facility abook_title physician_title physician_code";
const userNulls =
  "title mname federaltaxid federaldrugid upin facility billname url assistant organization valedictory street streetb city state zip phone fax phonew1 phonecell notes state_license_number abook_title";
const facilityEmpties =
  "street city state postal_code country_code federal_ein x12_sender_id attn domain_identifier facility_npi facility_taxonomy tax_id_type facility_code mail_street mail_street2 mail_city mail_state mail_zip oid iban info";

/** Only users with an NPI. */
export function listPractitioners(request: ApiRequest): Answer {
  const { query } = request;
  const found = practitioners(request).filter((user) =>
    (["npi", "fname", "lname", "username", "email"] as const).every((field) => {
      const typed = last(query, field);
      if (typed === undefined) return true;
      const match = field === "fname" || field === "lname" ? startsLike : equalsLike;
      return match(user[field] ?? "", typed);
    }),
  );
  return paged(
    request,
    found.map((user) => practitionerRecord(request, user)),
  );
}

export function onePractitioner(request: ApiRequest): Answer {
  const uuid = request.parameter("uuid");
  const user = practitioners(request).find((row) => row.uuid === uuid);
  if (!user) return invalid(400, { uuid: { "invalid or nonexisting value": ` value ${uuid}` } });
  return enveloped(200, practitionerRecord(request, user));
}

export function listUsers(request: ApiRequest): Answer {
  const { chart, facility } = request.site;
  return paged(
    request,
    chart.users.all().map((user) => userRecord(facility.id, user)),
  );
}

export function listFacilities(request: ApiRequest): Answer {
  const name = last(request.query, "name");
  const { facility } = request.site;
  const found = name === undefined || startsLike(facility.name, name) ? [facilityRecord(request)] : [];
  return paged(request, found);
}

function practitioners({ site }: ApiRequest): UserRow[] {
  return site.chart.users.all().filter((user) => (user.npi ?? "") !== "");
}

function practitionerRecord({ site }: ApiRequest, user: UserRow): Record<string, unknown> {
  const { id, uuid, username, fname, lname, npi, email } = user;
  return shown(site, "practitioner", {
    ...nulls(practitionerNulls),
    id,
    uuid,
    username,
    fname,
    lname,
    npi,
    email,
    password: "NoLongerUsed",
    authorized: 1,
    info: "",
    facility_id: site.facility.id,
    see_auth: 1,
    active: 1,
    specialty: "",
    email_direct: "",
    cal_ui: 1,
    taxonomy: "207Q00000X",
    calendar: 1,
    abook_type: "",
    default_warehouse: "",
    irnpool: "",
    main_menu_role: "standard",
    patient_menu_role: "standard",
    portal_user: 0,
    supervisor_id: 0,
    billing_facility_id: 0,
    date_created: "2026-01-05 09:00:00",
    last_updated: "2026-01-05 09:00:00",
  });
}

function userRecord(facilityId: number, user: UserRow): Record<string, unknown> {
  const { id, uuid, fname, lname, npi, email, active } = user;
  return {
    ...nulls(userNulls),
    uuid,
    fname,
    lname,
    npi,
    email,
    id: String(id),
    facility_id: String(active ? facilityId : 0),
    active: active ? "1" : "0",
    specialty: npi === null ? null : "",
    last_updated: "2026-01-05 09:00:00",
  };
}

function facilityRecord({ site }: ApiRequest): Record<string, unknown> {
  const { id, uuid, name, phone } = site.facility;
  return shown(site, "facility", {
    ...Object.fromEntries(facilityEmpties.split(" ").map((column) => [column, ""])),
    ...nulls("website email pos_code weno_id"),
    id: String(id),
    uuid,
    name,
    phone,
    fax: phone,
    service_location: "1",
    billing_location: "1",
    accepts_assignment: "1",
    color: "#99FFFF",
    primary_business_entity: "0",
    extra_validation: "1",
    inactive: "0",
    date_created: "2026-01-05 09:00:00",
    last_updated: "2026-01-05 09:00:00",
    organization_type: "prov",
  });
}

function nulls(columns: string): Record<string, null> {
  return Object.fromEntries(columns.split(" ").map((column) => [column, null]));
}
