/** Errors as OperationOutcome, in FHIR's own media type. */
import type { Answer } from "#sandbox/openemr/answer.ts";

/** Of FHIR's issue types those that occur here. */
export type IssueCode = "invalid" | "not-found" | "conflict" | "duplicate" | "login" | "forbidden" | "not-supported";

/** One issue for each text. */
export function outcome(status: number, code: IssueCode, ...texts: readonly string[]): Answer {
  const issue = texts.map((text) => ({ severity: "error", code, details: { text } }));
  return fhirJson(status, { resourceType: "OperationOutcome", issue });
}

export function fhirJson(status: number, resource: unknown): Answer {
  return { status, headers: { "content-type": "application/fhir+json" }, body: JSON.stringify(resource) };
}
