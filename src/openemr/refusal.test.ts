import { expect, test } from "vitest";
import { ProblemError } from "#model/problem.ts";
import type { Problem } from "#model/problem.ts";
import { recorded } from "./fake-wire.ts";
import recordings from "./recorded/refusals.json" with { type: "json" };
import { readAnswer } from "./refusal.ts";

function problemIn(status: number, body: string): Problem | "value" {
  try {
    readAnswer({ status, headers: {}, body });
    return "value";
  } catch (thrown) {
    if (thrown instanceof ProblemError) return thrown.problem;
    throw thrown;
  }
}

test.each([
  ["8.2.0-dev", "no token", "signed_out"],
  ["8.2.0-dev", "bad token", "signed_out"],
  ["8.2.0-dev", "access token after logout", "signed_out"],
  ["8.2.0-dev", "scope missing: appointment", "openemr_scope_missing"],
  ["8.2.0-dev", "only api:fhir: /api/patient", "openemr_scope_missing"],
  ["8.2.0-dev", "front create", "openemr_role_missing"],
  ["8.2.0-dev", "unknown route", "openemr_refused"],
  ["8.2.0-dev", "other site", "openemr_refused"],
  ["8.2.0-dev", "one by number", "openemr_down"],
  ["8.0.0", "scope missing: appointment", "openemr_scope_missing"],
  ["8.0.0", "front create", "openemr_role_missing"],
  ["8.0.0", "access token after logout", "signed_out"],
  ["7.0.0", "no token", "signed_out"],
  ["7.0.0", "access token after logout", "signed_out"],
  ["7.0.0", "scope missing: appointment", "openemr_scope_missing"],
  ["7.0.0", "one by number", "openemr_down"],
])("OpenEMR %s, %s: %s", (version, label, code) => {
  const { status, body } = recorded(recordings, version, label);
  expect(problemIn(status, body)).toMatchObject({ code });
});

test("nothing found is not a refusal: 404 without text, and 404 with the text null", () => {
  expect(readAnswer({ status: 404, headers: {}, body: "" }).json).toBeUndefined();
  expect(readAnswer({ status: 404, headers: {}, body: "null" }).json).toBeUndefined();
});

test("an error page is no answer; behind a status of 500 or more the server is down", () => {
  const page = "<!DOCTYPE html><title>Oops</title><p>Fatal error for Ana Diaz</p>";
  expect(problemIn(200, page)).toMatchObject({ code: "openemr_answer_unreadable" });
  expect(problemIn(502, page)).toMatchObject({ code: "openemr_down", detail: "HTTP 502" });
  expect(JSON.stringify(problemIn(200, page))).not.toContain("Ana");
});

test("429 carries the server's own wish", () => {
  try {
    readAnswer({ status: 429, headers: { "retry-after": "7" }, body: "" });
    expect.unreachable();
  } catch (thrown) {
    expect(thrown).toMatchObject({ problem: { code: "rate_limited", retryAfterMs: 7000 } });
  }
});

const outcome = (code: string, text: string) =>
  JSON.stringify({ resourceType: "OperationOutcome", issue: [{ severity: "error", code, details: { text } }] });

test.each([
  [409, outcome("conflict", "Ana Diaz has another appointment"), "conflict", "conflict"],
  [409, outcome("duplicate", "Another appointment has this identifier"), "conflict", "duplicate"],
  [400, outcome("invalid", "Invalid appointment time"), "openemr_refused", "invalid, HTTP 400"],
  [401, outcome("login", "Unauthorized"), "openemr_scope_missing", undefined],
  [401, outcome("login", "The resource owner or authorization server denied the request."), "signed_out", undefined],
  [400, outcome("login", "Refresh Token revoked or logged out"), "signed_out", undefined],
  [
    403,
    outcome("forbidden", "Organization policy does not have permit access resource"),
    "openemr_role_missing",
    undefined,
  ],
  [404, outcome("not-found", "There is no such Appointment"), "not_found", undefined],
  [404, outcome("not-supported", "Route not found"), "openemr_refused", "route not found"],
  [500, outcome("exception", "System error occurred"), "openemr_down", "HTTP 500"],
  [409, '{"error":"An error occurred","message":"taken","code":0}', "conflict", "HTTP 409"],
])("HTTP %i %s is %s", (...[status, body, code, detail]) => {
  const told = problemIn(status, body);
  expect(told).toMatchObject({ code, ...(detail !== undefined && { detail }) });
  expect(JSON.stringify(told)).not.toContain("Ana");
});

test("an OperationOutcome that only remarks on something is a value", () => {
  expect(problemIn(200, outcome("informational", "All OK"))).toBe("value");
});
