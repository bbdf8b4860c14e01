/** OpenEMR 8.2.0-dev as recorded in June's build; what the other profiles start from. */
import { apiError, json } from "#sandbox/openemr/answer.ts";
import type { Answer } from "#sandbox/openemr/answer.ts";
import type { Profile, Refusal } from "./profile.ts";

const csrfKeyEmpty = apiError(500, "OpenEMR is potentially not secure because CSRF key is empty.");
const mappingFailed = apiError(
  500,
  "Failed to execute statement. Error: Column 'target_uuid' cannot be null Statement: INSERT INTO `uuid_mapping`(`uuid`,`resource`,`table`,`target_uuid`,`created`,`resource_path`) VALUES (?, ?, ?, ?, NOW(), ?)",
);

const denied = "The resource owner or authorization server denied the request.";

/** Facts 38, 39. */
const refusals: Record<Refusal, Answer> = {
  "no-route": apiError(404, "Route not found"),
  "bad-token": apiError(401, denied),
  revoked: apiError(401, denied, 9),
  expired: apiError(401, "OpenEMR Error: API call failed due to invalid token or expired token."),
  "signed-out": apiError(400, "Refresh Token revoked or logged out"),
  "without-api": apiError(
    403,
    "OpenEMR Error: API call failed due to insufficient permissions for the requested resource.",
  ),
  scope: apiError(401, "Unauthorized"),
  role: apiError(403, "Organization policy does not have permit access resource"),
};

export const openemr82: Profile = {
  name: "openemr-8.2",
  title: "OpenEMR 8.2",
  rows: {},
  strangersRecord: undefined,
  refusal: (why) => refusals[why],
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
  fhir: { routes: [], scopes: [], capabilities: {} },
};
