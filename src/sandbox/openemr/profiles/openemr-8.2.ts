/** OpenEMR 8.2.0-dev as recorded in June's build; what the other profiles start from. */
import { apiError, empty, json, siteError } from "#sandbox/openemr/answer.ts";
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
  finish: (answer) => answer,
  preflight: undefined,
  allowOrigin: "reflected",
  nothing: empty(404),
  validationStatus: 200,
  unknownSite: { oauth: siteError, api: siteError },
  versionIsOpen: true,
  shortFirstName: undefined,
  withheld: undefined,
  hasEndTime: true,
  strangersRecord: undefined,
  refusal: (why) => refusals[why],
  oauth: {
    authorizeStatus: 307,
    plainPkce: false,
    nextStatus: 307,
    nonceBreaksRefresh: true,
    logoutByPost: false,
    offlineAccessForPublic: true,
    publicRefusal: "system and user scopes are only allowed for confidential clients",
    disabledClientIsRefused: true,
    jsonTokenBody: true,
    withoutGrantType: apiError(
      500,
      String.raw`Cannot assign null to property OpenEMR\RestControllers\AuthorizationController::$grantType of type string`,
    ),
    narrowerRefresh: true,
    introspectRefused: undefined,
    introspected: (token) => token,
    tokenScopes: [],
    registered: (client) => json(200, client),
    emptyIsNotJson: false,
    smart: (document) => document,
    unknownPath: empty(404),
    preflightToken: empty(200),
    readBack: "Invalid registration token",
    readBackCode: "invalid_request",
    notJson: apiError(400, "Could not decode request body."),
    isKnownScope: (scope) => !/^system\/[a-z]/u.test(scope),
    invalidRequest: "invalid_request",
    // Introspection answers JSON as text/html.
    introspectIdToken: { ...json(200, { active: false }), headers: { "content-type": "text/html; charset=utf-8" } },
  },
  documents: {
    stored: json(200, true),
    storedWithoutPath: json(200, true),
    read: { known: csrfKeyEmpty, unknown: csrfKeyEmpty, givesFile: false },
    openToFrontOffice: false,
    authorIsNamed: true,
  },
  vitals: { storedButFailed: undefined, changed: mappingFailed, unknownIsAdded: false },
  encounters: { changedButFailed: undefined, createdInFull: true, emptyStatus: 200 },
  fhir: {
    resource: (resource) => resource,
    statement: (document) => document,
    ownPersonIsOpen: true,
    paging: true,
    routes: [],
    scopes: [],
    capabilities: {},
  },
};
