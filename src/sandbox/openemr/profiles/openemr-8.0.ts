/** OpenEMR 8.0.0 as recorded: what it does otherwise than 8.2. */
import { apiError, empty, json } from "#sandbox/openemr/answer.ts";
import { openemr82 } from "./openemr-8.2.ts";
import { without } from "./columns.ts";
import type { Profile, Row } from "./profile.ts";

const noPayload = apiError(
  500,
  "RestControllerHelper::getResponseForPayload() expects a string, array, numeric, or JsonSerializable object, bool given.",
);
const authorMissing = apiError(
  500,
  String.raw`Cannot assign null to property OpenEMR\Services\VitalsCalculatedService::$authUserId of type int`,
);
const resultExpected = apiError(
  500,
  String.raw`OpenEMR\RestControllers\RestControllerHelper::handleProcessingResult(): Argument #1 ($processingResult) must be of type OpenEMR\Validators\ProcessingResult, string given, called in src/RestControllers/EncounterRestController.php on line 62`,
);
/** The database's complaint, cut short. */
const noPath = { ...json(500, ""), body: "<h2><font color='red'>Query Error</font></h2>" };

export const openemr80: Profile = {
  ...openemr82,
  name: "openemr-8.0",
  title: "OpenEMR 8.0",
  rows: { appointment, facility, patient, version },
  oauth: {
    ...openemr82.oauth,
    invalidRequest: "invalid _request",
    readBackCode: "invalid _request",
    introspectIdToken: apiError(500, "implode(): Argument #1 ($array) must be of type array, string given"),
  },
  documents: {
    ...openemr82.documents,
    stored: noPayload,
    storedWithoutPath: noPath,
    read: {
      known: { ...empty(200), body: "Not authorized to view requested file" },
      unknown: empty(400),
      givesFile: false,
    },
    openToFrontOffice: true,
    authorIsNamed: false,
  },
  vitals: { storedButFailed: authorMissing, changed: authorMissing, unknownIsAdded: true },
  encounters: { ...openemr82.encounters, changedButFailed: resultExpected },
};

/** Fact 17. When it was booked is kept only of what did not come over the API; here: of blocks without a patient. */
function appointment(row: Row): Row {
  const later = ["pce_aid_fname", "pce_aid_lname", "pc_website", "pc_informant"];
  return { ...without(row, later), pc_time: row["pc_pid"] === "" ? row["pc_time"] : null };
}

function facility(row: Row): Row {
  return without(row, ["organization_type"]);
}

/** The column was misspelt. */
function patient(row: Row): Row {
  const columns = without(row, ["interpreter", "pronoun"]);
  return { ...columns, interpretter: row["interpreter"], created_by: 0, updated_by: null };
}

function version(): Row {
  return { v_major: "8", v_minor: "0", v_patch: "0", v_realpatch: "0", v_tag: "-dev", v_database: "530", v_acl: "12" };
}
