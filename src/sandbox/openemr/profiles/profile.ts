/**
 * In what the sandbox's OpenEMR differs from version to version: each behaviour by name, with the fact it comes from. A
 * "fact" is a row of the list of measured differences between 7.0.0, 8.0.0 and 8.2.0-dev; a "recording" is a line of
 * `traffic/<version>/*.jsonl`. The routes ask for a behaviour and never for a version.
 */
import type { Answer } from "#sandbox/openemr/answer.ts";
import type { Route } from "#sandbox/openemr/api/api-request.ts";

export const profileNames = ["openemr-7.0.0", "openemr-8.0", "openemr-8.2", "openemr-8.3", "fhir-scheduling"] as const;
export type ProfileName = (typeof profileNames)[number];

export type Row = Record<string, unknown>;
/** The sorts of rows that the standard API writes. */
export type RowKind =
  | "appointment"
  | "document"
  | "encounter"
  | "facility"
  | "option"
  | "patient"
  | "practitioner"
  | "soapNote"
  | "version"
  | "vital";

export type Profile = {
  name: ProfileName;
  /** As the sign-in page and the terminal say it. */
  title: string;
  /** What becomes of a row before it is written: columns that came later or had another name, numbers as text. */
  rows: Partial<Record<RowKind, (row: Row) => Row>>;
  /** What becomes of an answer last of all. */
  finish(answer: Answer): Answer;
  /** Fact 37: what a preflight to the API is answered with, and which origin an answer names. */
  preflight: Answer | undefined;
  allowOrigin: "reflected" | "any";
  /** Fact 23: a list without rows, a row that is not there. */
  nothing: Answer;
  /** Fact 15 and the status of faults of notes, vitals and encounters. */
  validationStatus: 200 | 400;
  /** Recordings discovery "unknown site", errors "other site". */
  unknownSite: { oauth: Answer; api: Answer };
  /** Recording discovery "version unauth": the version is told without a sign-in. */
  versionIsOpen: boolean;
  /** Recording patient "create invalid": the fault of a first name of one letter. */
  shortFirstName: Record<string, string> | undefined;
  /** Facts 17, 41: paths below `/apis/default` that are not there. */
  withheld: RegExp | undefined;
  /** Fact 16: whether the end of an appointment is worked out, or midnight. */
  hasEndTime: boolean;
  /** Facts 38, 39: the words of the way into the API. */
  refusal(why: Refusal, call: RefusedCall): Answer;
  /**
   * Fact 14 and the list of confirmed ones: an appointment read or deleted, a note written or read, under a patient that it
   * does not belong to. Undefined: nobody looks.
   */
  strangersRecord: Answer | undefined;
  oauth: OAuthManner;
  documents: DocumentManner;
  vitals: VitalManner;
  encounters: EncounterManner;
  fhir: FhirManner;
};

export type Refusal =
  | "no-route"
  | "bad-token"
  | "revoked"
  | "expired"
  | "signed-out"
  /** The token lacks `api:oemr`. */
  | "without-api"
  | "scope"
  | "role";
export type RefusedCall = { /** Below `/apis/default`. */ path: string; authorization: string | undefined };

export type FhirManner = {
  /** What becomes of a resource before it is written. */
  resource(resource: FhirResource, now: () => string): FhirResource;
  /** Recording discovery "CapabilityStatement". */
  statement(document: Row, issuer: string): Row;
  /** Fact 40. */
  ownPersonIsOpen: boolean;
  /** Whether `_count`, `_offset` and `_sort` are understood (fact 21). */
  paging: boolean;
  /** Before the ordinary ones. */
  routes: readonly Route[];
  /** Scopes beside the ordinary ones. */
  scopes: readonly string[];
  /** What the CapabilityStatement says otherwise, or more. */
  capabilities: Record<string, Capability>;
};
export type FhirResource = { id: string; resourceType: string } & Row;
export type Capability = { interactions: readonly string[]; parameters: readonly [name: string, type: string][] };

export type OAuthManner = {
  /** Fact 34. */
  authorizeStatus: 301 | 307;
  plainPkce: boolean;
  /** Fact 9 and recording logout "registered redirect": how a sign-in and a sign-out go on. */
  nextStatus: 302 | 307;
  /** Fact 2. */
  nonceBreaksRefresh: boolean;
  /** Fact 6. */
  logoutByPost: boolean;
  /** Fact 32, and the words of the refusal. */
  offlineAccessForPublic: boolean;
  publicRefusal: string;
  /** Fact 33. */
  disabledClientIsRefused: boolean;
  /** Fact 35. */
  jsonTokenBody: boolean;
  withoutGrantType: Answer;
  /** Recording refresh "refresh narrower scope". */
  narrowerRefresh: boolean;
  /** Fact 36: a client without its secret, or with a wrong one; a token that is none. */
  introspectRefused: { noSecret: Answer; wrongSecret: Answer; garbage: Answer } | undefined;
  /** What introspection says of a token that it knows. */
  introspected(token: Row, expiresAtMs: number): Row;
  /** Scopes that a token has beside the granted ones (recording introspect "access token"). */
  tokenScopes: readonly string[];
  /** Recordings registration "no contacts", "empty json". */
  registered(client: Row): Answer;
  emptyIsNotJson: boolean;
  /** Recording discovery "smart-configuration". */
  smart(document: Row, issuer: string): Row;
  /** Recordings discovery "unknown oauth path", cors "preflight token". */
  unknownPath: Answer;
  preflightToken: Answer;
  /** Recording registration "read back …". */
  readBack: string;
  readBackCode: string;
  notJson: Answer;
  /** Facts 10, 41: scopes that this version does not have. */
  isKnownScope(scope: string): boolean;
  /** The `error` of a logout without a hint and of a registration read back; 8.0.0 misspells it (recordings: logout, registration). */
  invalidRequest: string;
  /** Fact 36: what introspection says to an id_token. */
  introspectIdToken: Answer;
};

export type DocumentManner = {
  /** Fact 26: what a stored document is answered with. */
  stored: Answer;
  /** Recording document "no path". */
  storedWithoutPath: Answer;
  /** Fact 27: reading one back; 8.0.0 looks whether it exists. */
  read: { known: Answer; unknown: Answer; givesFile: boolean };
  /** Fact 28. */
  openToFrontOffice: boolean;
  /** FHIR DocumentReference names the author (recording fhir "admin DocumentReference"). */
  authorIsNamed: boolean;
};

export type VitalManner = {
  /** Fact 29: undefined: 201 with the numbers. The row is stored either way. */
  storedButFailed: Answer | undefined;
  /** Fact 29: 500 everywhere, in other words. */
  changed: Answer;
  /** A change of a number that does not exist adds a row (recordings vital "update", role-matrix "GET …/vital"). */
  unknownIsAdded: boolean;
};

export type EncounterManner = {
  /** Fact 24: 201 with number and uuid alone, or 200 with the row. */
  createdInFull: boolean;
  /** Fact 23: status of an empty list and of one that is not there. */
  emptyStatus: 200 | 404;
  /** Fact 25: undefined: the row. The change is stored either way. */
  changedButFailed: Answer | undefined;
};
