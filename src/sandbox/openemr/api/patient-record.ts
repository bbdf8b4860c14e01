/** A patient as `/api/patient` shows it: every column of the table, most of them empty. */
import { shown } from "#sandbox/openemr/profiles/shown.ts";
import type { PatientRow } from "#sandbox/openemr/rows.ts";
import type { Site } from "#sandbox/openemr/site.ts";

const emptyTexts =
  "title language financial country_code drivers_license ss phone_biz phone_contact status contact_relationship referrer referrerID email_direct ethnoracial race ethnicity religion interpreter migrantseasonal family_size monthly_income homeless genericname1 genericval1 genericname2 genericval2 hipaa_mail hipaa_voice hipaa_notice hipaa_message squad referral_source usertext1 usertext2 usertext3 usertext4 usertext5 usertext6 usertext7 usertext8 userlist1 userlist2 userlist3 userlist4 userlist5 userlist6 userlist7 vfc mothersname allow_imm_reg_use allow_imm_info_share allow_health_info_ex allow_patient_portal deceased_reason cmsportal_login county";
const nulls =
  "occupation providerID ref_providerID interpreter_needed billing_note financial_review contrastart ad_reviewed advance_directive_user_authenticator guardiansname deceased_date soap_import_status care_team_provider care_team_facility care_team_status industry imm_reg_status imm_reg_stat_effdate publicity_code publ_code_eff_date protect_indicator prot_indi_effdate guardianrelationship guardiansex guardianaddress guardiancity guardianstate guardianpostalcode guardiancountry guardianphone guardianworkphone guardianemail sexual_orientation gender_identity birth_fname birth_lname birth_mname name_history suffix street_line_2 patient_groups prevent_portal_apps provider_since_date preferred_name nationality_country tribal_affiliations sex_identified pronoun";

const unused = {
  ...Object.fromEntries(emptyTexts.split(" ").map((column) => [column, ""])),
  ...Object.fromEntries(nulls.split(" ").map((column) => [column, null])),
};

export function patientRecord(site: Site, row: PatientRow): Record<string, unknown> {
  const { id, createdAt, ...columns } = row;
  return shown(site, "patient", {
    ...unused,
    ...columns,
    id,
    pid: id,
    pubpid: String(id),
    pharmacy_id: 0,
    date: createdAt,
    hipaa_allowsms: "NO",
    hipaa_allowemail: "NO",
    fitness: 0,
    pricelevel: "standard",
    regdate: createdAt,
    completed_ad: "NO",
    dupscore: -9,
    created_by: 1,
    updated_by: 1,
    last_updated: createdAt,
    previous_names: [],
    addresses: [addressOf(row)],
  });
}

function addressOf(row: PatientRow): Record<string, unknown> {
  return {
    id: null,
    contact_id: null,
    contact_address_id: null,
    period_start: row.createdAt,
    period_end: null,
    type: "both",
    use: "home",
    priority: 0,
    line1: row.street,
    line2: "",
    city: row.city,
    district: "",
    state: row.state,
    postal_code: row.postal_code,
    country_code: "",
  };
}
