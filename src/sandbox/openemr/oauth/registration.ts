/** `/registration`. A confidential client with `user/` scopes is stored switched off until an administrator enables it. */
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { contentType, fieldsOf, jsonBody, textOf } from "#sandbox/openemr/incoming.ts";
import type { Fields } from "#sandbox/openemr/incoming.ts";
import { invalidScope, invalidScopeText, oauthError } from "#sandbox/openemr/answer.ts";
import type { Answer } from "#sandbox/openemr/answer.ts";
import type { ClientRow } from "#sandbox/openemr/rows.ts";
import type { Site } from "#sandbox/openemr/site.ts";
import { issuer } from "./oauth-request.ts";
import type { OAuthRequest } from "./oauth-request.ts";
import { isSupported } from "./scopes.ts";

const Jwks = z.object({ keys: z.array(z.record(z.string(), z.unknown())) });

const echoed = [
  "contacts",
  "application_type",
  "client_name",
  "logo_uri",
  "redirect_uris",
  "post_logout_redirect_uris",
  "token_endpoint_auth_method",
  "policy_uri",
  "tos_uri",
  "jwks_uri",
  "jwks",
  "initiate_login_uri",
  "scope",
];

export function register(request: OAuthRequest): Answer {
  if (!contentType(request).includes("application/json")) return metadataError("Unexpected content type");
  const body = jsonBody(request);
  const fields = fieldsOf(body);
  const { notJson, emptyIsNotJson, registered } = request.site.profile.oauth;
  if (body === undefined || (emptyIsNotJson && Object.keys(fields).length === 0)) return notJson;
  const refusal = refuse(request, fields);
  return refusal ?? registered(store(request, fields));
}

function refuse({ site }: OAuthRequest, fields: Fields): Answer | undefined {
  const scopes = scopesOf(fields);
  if (scopes.length === 0) {
    const hint = "Specify a scope in the request or set a default scope";
    return oauthError(400, "invalid_scope", { description: invalidScopeText, hint });
  }
  const unknown = scopes.find((scope) => !isSupported(scope, site.profile));
  if (unknown !== undefined) return invalidScope(unknown);
  const { oauth } = site.profile;
  const isForStaff = (scope: string): boolean =>
    /^(?:user|system)\//u.test(scope) || (scope === "offline_access" && !oauth.offlineAccessForPublic);
  if (!isConfidential(fields) && scopes.some(isForStaff)) return metadataError(oauth.publicRefusal);
  if (textsOf(fields["redirect_uris"]).length === 0) {
    return oauthError(400, "invalid_redirect_uri", { description: "redirect_uris is invalid" });
  }
  return undefined;
}

function store({ site }: OAuthRequest, fields: Fields): Fields {
  const clientId = randomBytes(32).toString("base64url");
  const confidential = isConfidential(fields);
  const secret = confidential ? randomBytes(64).toString("base64url") : "";
  const scopes = scopesOf(fields);
  site.chart.clients.add({
    clientId,
    secret,
    confidential,
    enabled: !(confidential && scopes.some((scope) => /^(?:user|system)\//u.test(scope))),
    name: textOf(fields["client_name"]),
    redirectUris: textsOf(fields["redirect_uris"]),
    postLogoutRedirectUris: textsOf(fields["post_logout_redirect_uris"]),
    scopes,
    ...jwksIn(fields),
    ...(fields["initiate_login_uri"] !== undefined && { initiateLoginUri: textOf(fields["initiate_login_uri"]) }),
  });
  return {
    client_id: clientId,
    client_secret: secret,
    registration_access_token: randomBytes(32).toString("base64url"),
    registration_client_uri: `${issuer(site)}/client/${randomBytes(16).toString("base64url")}`,
    client_id_issued_at: Math.floor(site.clock.now() / 1000),
    client_secret_expires_at: 0,
    client_role: confidential ? "user" : "patient",
    ...Object.fromEntries(echoed.filter((key) => key in fields).map((key) => [key, fields[key]])),
    dsi_type: "none",
  };
}

/** Reading a registration back never worked, whatever token was sent. */
export function readRegistration({ profile }: Site): Answer {
  return oauthError(403, profile.oauth.readBackCode, { description: profile.oauth.readBack });
}

function jwksIn(fields: Fields): Pick<ClientRow, "jwks"> {
  const parsed = Jwks.safeParse(fields["jwks"]);
  return parsed.success ? { jwks: parsed.data } : {};
}

function metadataError(description: string): Answer {
  return oauthError(400, "invalid_client_metadata", { description });
}

function isConfidential(fields: Fields): boolean {
  return fields["application_type"] === "private";
}

function scopesOf(fields: Fields): string[] {
  const { scope } = fields;
  return typeof scope === "string" ? scope.split(" ").filter((name) => name !== "") : [];
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
