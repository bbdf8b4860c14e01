/**
 * In what the sandbox's OpenEMR differs from version to version: each behaviour by name, with the fact it comes from. A
 * "fact" is a row of the list of measured differences between 7.0.0, 8.0.0 and 8.2.0-dev; a "recording" is a line of
 * `traffic/<version>/*.jsonl`. The routes ask for a behaviour and never for a version.
 */
import type { Answer } from "#sandbox/openemr/answer.ts";
import type { Route } from "#sandbox/openemr/api/api-request.ts";

export const profileNames = ["openemr-8.0", "openemr-8.2", "openemr-8.3", "fhir-scheduling"] as const;
export type ProfileName = (typeof profileNames)[number];

export type Row = Record<string, unknown>;
/** The sorts of rows that the standard API writes. */
export type RowKind = "appointment" | "facility" | "patient" | "version";

export type Profile = {
  name: ProfileName;
  /** As the sign-in page and the terminal say it. */
  title: string;
  /** What becomes of a row before it is written: columns that came later or had another name, numbers as text. */
  rows: Partial<Record<RowKind, (row: Row) => Row>>;
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
  /** Before the ordinary ones. */
  routes: readonly Route[];
  /** Scopes beside the ordinary ones. */
  scopes: readonly string[];
  /** What the CapabilityStatement says otherwise, or more. */
  capabilities: Record<string, Capability>;
};
export type Capability = { interactions: readonly string[]; parameters: readonly [name: string, type: string][] };

export type OAuthManner = {
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
  read: { known: Answer; unknown: Answer };
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
  /** Fact 25: undefined: the row. The change is stored either way. */
  changedButFailed: Answer | undefined;
};
