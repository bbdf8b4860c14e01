/** OpenEMR 8.2.0-dev as recorded in June's build; what the other profiles start from. */
import { apiError, json } from "#sandbox/openemr/answer.ts";
import type { Profile } from "./profile.ts";

const csrfKeyEmpty = apiError(500, "OpenEMR is potentially not secure because CSRF key is empty.");
const mappingFailed = apiError(
  500,
  "Failed to execute statement. Error: Column 'target_uuid' cannot be null Statement: INSERT INTO `uuid_mapping`(`uuid`,`resource`,`table`,`target_uuid`,`created`,`resource_path`) VALUES (?, ?, ?, ?, NOW(), ?)",
);

export const openemr82: Profile = {
  name: "openemr-8.2",
  title: "OpenEMR 8.2",
  rows: {},
  oauth: {
    invalidRequest: "invalid_request",
    // Introspection answers JSON as text/html.
    introspectIdToken: { ...json(200, { active: false }), headers: { "content-type": "text/html; charset=utf-8" } },
  },
  documents: {
    stored: json(200, true),
    storedWithoutPath: json(200, true),
    read: { known: csrfKeyEmpty, unknown: csrfKeyEmpty },
    openToFrontOffice: false,
    authorIsNamed: true,
  },
  vitals: { storedButFailed: undefined, changed: mappingFailed, unknownIsAdded: false },
  encounters: { changedButFailed: undefined },
};
