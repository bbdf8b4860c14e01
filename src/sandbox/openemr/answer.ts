/** What a route answers, before it is written to the socket. */
export type Answer = { status: number; headers: Record<string, string>; body: string };

export function json(status: number, value: unknown): Answer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}

/** OpenEMR's 404 for an empty list or an unknown id: no body at all. */
export function empty(status: number): Answer {
  return { status, headers: { "content-type": "text/html; charset=utf-8" }, body: "" };
}

export function page(html: string, status = 200): Answer {
  return { status, headers: { "content-type": "text/html; charset=UTF-8" }, body: html };
}

export function plainText(text: string): Answer {
  return { status: 200, headers: { "content-type": "text/plain; charset=UTF-8" }, body: text };
}

export function redirect(status: 301 | 302 | 307, location: string): Answer {
  return { ...empty(status), headers: { "content-type": "text/html; charset=utf-8", location } };
}

/** The error body of the API since 7.0.4. */
export function apiError(status: number, message: string, code = 0): Answer {
  return json(status, { error: "An error occurred", message, code });
}

export const siteError = apiError(
  400,
  "OpenEMR Error: api site error, so forced exit.  Please ensure that the site is set up correctly in the OpenEMR configuration.",
);

/** The error body of the OAuth server (league/oauth2-server). */
export function oauthError(status: number, error: string, text: { description: string; hint?: string }): Answer {
  const { description, hint } = text;
  const hinted = hint === undefined ? {} : { hint };
  return json(status, { error, error_description: description, ...hinted, message: description });
}

const malformed =
  "The request is missing a required parameter, includes an invalid parameter value, includes a parameter more than once, or is otherwise malformed.";

export function invalidRequest(hint: string): Answer {
  return oauthError(400, "invalid_request", { description: malformed, hint });
}

export const badRequest = oauthError(400, "invalid_request", { description: "Bad request" });
export const invalidClient = oauthError(401, "invalid_client", { description: "Client authentication failed" });
export const invalidScopeText = "The requested scope is invalid, unknown, or malformed";

export function invalidScope(scope: string): Answer {
  return oauthError(400, "invalid_scope", { description: invalidScopeText, hint: `Check the \`${scope}\` scope` });
}

export const unsupportedGrant = oauthError(400, "unsupported_grant_type", {
  description: "The authorization grant type is not supported by the authorization server.",
  hint: "Check that all required parameters have been provided",
});
