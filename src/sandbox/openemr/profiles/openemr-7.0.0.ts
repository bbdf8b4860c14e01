/** OpenEMR 7.0.0 as recorded (a build of May 2022): older rows and resources, real statuses, errors without words. */
import { badRequest, empty, json, oauthError } from "#sandbox/openemr/answer.ts";
import type { Answer } from "#sandbox/openemr/answer.ts";
import { openemr80 } from "./openemr-8.0.ts";
import { without } from "./columns.ts";
import type { Profile, RefusedCall, Refusal, Row } from "./profile.ts";
import { resource70, statement70 } from "./resources-7.0.ts";
import { rows70 } from "./rows-7.0.ts";

const nothing = json(404, null);
const noPath = { ...empty(500), body: "<h2><font color='red'>Query Error</font></h2>" };

export const openemr70: Profile = {
  ...openemr80,
  name: "openemr-7.0.0",
  title: "OpenEMR 7.0.0",
  rows: rows70,
  finish,
  preflight: empty(200),
  allowOrigin: "any",
  nothing,
  validationStatus: 400,
  unknownSite: {
    oauth: { ...empty(500), headers: { "content-type": "text/html; charset=UTF-8" } },
    api: { ...empty(400), headers: { "content-type": "text/html; charset=UTF-8" } },
  },
  versionIsOpen: false,
  shortFirstName: { "LengthBetween::TOO_SHORT": "First Name must be 2 characters or longer" },
  withheld: /^\/(?:api\/user$|fhir\/(?:Appointment|Slot|Schedule)\b)/u,
  hasEndTime: false,
  refusal,
  oauth: {
    ...openemr80.oauth,
    authorizeStatus: 301,
    plainPkce: true,
    nextStatus: 302,
    nonceBreaksRefresh: false,
    logoutByPost: true,
    offlineAccessForPublic: false,
    publicRefusal: "system, user scopes, and offline_access are only allowed for confidential clients",
    disabledClientIsRefused: false,
    jsonTokenBody: false,
    withoutGrantType: badRequest,
    narrowerRefresh: false,
    introspectRefused: {
      noSecret: oauthError(400, "invalid_request", { description: "Invalid client app type" }),
      wrongSecret: oauthError(401, "invalid_request", { description: "Client failed security" }),
      garbage: { ...empty(400), body: "Ciphertext has invalid hex encoding." },
    },
    introspected,
    tokenScopes: ["site:default"],
    registered: (client) => ({ ...empty(200), body: JSON.stringify(without(client, ["dsi_type"])) }),
    emptyIsNotJson: true,
    smart,
    introspectIdToken: empty(500),
    unknownPath: empty(200),
    preflightToken: badRequest,
    readBack: "Invalid path",
    readBackCode: "invalid_request",
    notJson: oauthError(400, "invalid_client_metadata", { description: "Invalid JSON" }),
    // Facts 10, 41: no letters, and no FHIR Appointment.
    isKnownScope: (scope) => !/^(?:user|system)\/(?:Appointment\.|user\.|.*\.c?r?u?d?s?$)/u.test(scope),
  },
  documents: {
    stored: json(200, true),
    storedWithoutPath: noPath,
    read: {
      known: { ...empty(200), headers: { "content-type": "text/plain;charset=utf-8" } },
      unknown: json(400, null),
      givesFile: true,
    },
    openToFrontOffice: true,
    authorIsNamed: true,
  },
  vitals: { storedButFailed: undefined, changed: empty(500), unknownIsAdded: false },
  encounters: { changedButFailed: empty(500), createdInFull: false, emptyStatus: 404 },
  fhir: { ...openemr80.fhir, resource: resource70, statement: statement70, ownPersonIsOpen: false, paging: false },
};

/** Of an access token the end is a date of PHP; of a refresh token it stays a number. */
function introspected(token: Row, expiresAtMs: number): Row {
  if (!("aud" in token)) return token;
  const date = new Date(expiresAtMs).toISOString().replace("T", " ").replace("Z", "000");
  return { ...without(token, ["iss", "fhirUser"]), exp: { date, timezone_type: 1, timezone: "+00:00" } };
}

function smart(document: Row, issuer: string): Row {
  const later = ["issuer", "jwks_uri", "grant_types_supported", "code_challenge_methods_supported"];
  const kept = without(document, [...later, "token_endpoint_auth_methods_supported"]);
  return { ...kept, registration_endpoint: `${issuer}/registration` };
}

/** A crash shows nothing; the envelope has no links; a goodbye is HTML. */
function finish(answer: Answer): Answer {
  if (answer.headers["content-type"] === "text/plain; charset=UTF-8")
    return { ...answer, headers: { ...answer.headers, "content-type": "text/html; charset=utf-8" } };
  if (!answer.body.startsWith("{")) return answer;
  const body = JSON.parse(answer.body) as Record<string, unknown>;
  if (answer.status === 500 && body["error"] === "An error occurred") return { ...answer, ...empty(500) };
  if (!("validationErrors" in body)) return answer;
  const { links: _, ...envelope } = body;
  return { ...answer, body: JSON.stringify(envelope) };
}

/** Fact 38: a missing scope or right is told without words. */
function refusal(why: Refusal, call: RefusedCall): Answer {
  if (why === "no-route") return empty(404);
  if (why === "bad-token") return denied(hintFor(call.authorization));
  if (why === "revoked") return denied("Access token has been revoked");
  if (why === "signed-out")
    return oauthError(400, "invalid _request", { description: "Refresh Token revoked or logged out" });
  return empty(401);
}

function denied(hint: string): Answer {
  const description = "The resource owner or authorization server denied the request.";
  return oauthError(401, "access_denied", { description, hint });
}

/** The first complaint of the library that reads the token. */
function hintFor(authorization: string | undefined): string {
  if (authorization === undefined) return String.raw`Missing "Authorization" header`;
  const token = authorization.replace(/^Bearer /u, "");
  if (token.split(".").length !== 3) return "The JWT string must have two dots";
  if (!/^[\w.-]+$/u.test(token)) return "Error while decoding from Base64Url, invalid base64 characters detected";
  return "Access token could not be verified";
}
