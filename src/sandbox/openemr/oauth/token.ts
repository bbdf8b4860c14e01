/**
 * `/token`. Codes may be exchanged again until they expire; refresh tokens rotate; the secret is looked at only where OpenEMR
 * looks at it (traffic: authorize-pkce-token, refresh).
 */
import { createHash } from "node:crypto";
import { contentType, form } from "#sandbox/openemr/incoming.ts";
import {
  badRequest,
  invalidClient,
  invalidRequest,
  invalidScope,
  oauthError,
  unsupportedGrant,
} from "#sandbox/openemr/answer.ts";
import type { Answer } from "#sandbox/openemr/answer.ts";
import type { ClientRow, LoginRow, TokenRow } from "#sandbox/openemr/rows.ts";
import { clientCredentials } from "./client-credentials.ts";
import { issueTokens } from "./issue.ts";
import { findClient } from "./oauth-request.ts";
import type { OAuthRequest } from "./oauth-request.ts";
import { isSupported } from "./scopes.ts";

export async function token(request: OAuthRequest): Promise<Answer> {
  const { oauth } = request.site.profile;
  if (!oauth.jsonTokenBody && contentType(request).includes("json")) return oauth.withoutGrantType;
  const fields = form(request);
  const grantType = fields.get("grant_type");
  if (grantType === "authorization_code") return exchangeCode(request, fields);
  if (grantType === "refresh_token") return refresh(request, fields);
  if (grantType === "client_credentials") return clientCredentials(request, fields);
  if (grantType !== null) return unsupportedGrant;
  return oauth.withoutGrantType;
}

async function exchangeCode(request: OAuthRequest, fields: URLSearchParams): Promise<Answer> {
  const { site } = request;
  const code = fields.get("code");
  const login = site.chart.logins.find((row) => row.code === code);
  if (!login) return badRequest;
  const refusal = refuseClient(request, fields, login) ?? refuseCode(site.clock.now(), fields, login);
  return refusal ?? issueTokens(site, login);
}

function refuseClient(request: OAuthRequest, fields: URLSearchParams, login: LoginRow): Answer | undefined {
  const { clientId, secret } = credentials(request, fields);
  const client = findClient(request.site, clientId);
  if (!client || !mayAct(request, client) || client.clientId !== login.clientId) return invalidClient;
  if (secret !== undefined && secret !== client.secret) return invalidClient;
  const redirectUri = fields.get("redirect_uri");
  if (redirectUri === null) return invalidRequest("Check the `redirect_uri` parameter");
  if (!client.redirectUris.includes(redirectUri)) return invalidClient;
  return redirectUri === login.redirectUri ? undefined : invalidRequest("Invalid redirect URI");
}

function refuseCode(nowMs: number, fields: URLSearchParams, login: LoginRow): Answer | undefined {
  if (nowMs >= login.codeExpiresAtMs) return invalidRequest("Authorization code has expired");
  if (login.codeChallenge === null) return undefined;
  const verifier = fields.get("code_verifier");
  if (verifier === null) return invalidRequest("Check the `code_verifier` parameter");
  if (!/^[\w.~-]{43,128}$/u.test(verifier))
    return invalidRequest("Code Verifier must follow the specifications of RFC-7636.");
  const hash = createHash("sha256").update(verifier).digest("base64url");
  const challenge = login.isPlainChallenge ? verifier : hash;
  return challenge === login.codeChallenge ? undefined : invalidGrant("Failed to verify `code_verifier`.");
}

/** A refused request changes nothing; an accepted one revokes the old pair at once. */
async function refresh(request: OAuthRequest, fields: URLSearchParams): Promise<Answer> {
  const { site } = request;
  const client = findClient(site, credentials(request, fields).clientId);
  if (!client || !mayAct(request, client)) return invalidClient;
  const value = fields.get("refresh_token");
  if (value === null) return invalidRequest("Check the `refresh_token` parameter");
  const old = site.chart.tokens.find((row) => row.kind === "refresh" && row.value === value);
  if (!old) return refreshError("Cannot decrypt the refresh token");
  if (old.clientId !== client.clientId) return refreshError("Token is not linked to client");
  if (site.clock.now() >= old.expiresAtMs) return refreshError("Token has expired");
  if (old.revoked) return refreshError("Token has been revoked");
  const scopes = scopesForRefresh(request, old, fields.get("scope"));
  if (!Array.isArray(scopes)) return scopes;
  revoke(request, old);
  return issueTokens(site, { clientId: old.clientId, userUuid: old.userUuid, scopes, nonce: null });
}

/** The nonce, which is among the scopes, is none that exists; 7.0 lets it pass. */
function mayKeep({ site }: OAuthRequest, scope: string): boolean {
  if (scope === "nonce") return !site.profile.oauth.nonceBreaksRefresh;
  return isSupported(scope, site.profile);
}

function mayAct({ site }: OAuthRequest, client: ClientRow): boolean {
  return client.enabled || !site.profile.oauth.disabledClientIsRefused;
}

/** Those of the token, or fewer where the request says so and may. */
function scopesForRefresh(request: OAuthRequest, old: TokenRow, repeated: string | null): string[] | Answer {
  const scopes = repeated === null ? old.scopes : repeated.split(" ").filter((scope) => scope !== "");
  if (repeated !== null && !request.site.profile.oauth.narrowerRefresh) return invalidScope(scopes[0] ?? "");
  const wrong = scopes.find((scope) => !mayKeep(request, scope) || !old.scopes.includes(scope));
  return wrong === undefined ? scopes : invalidScope(wrong);
}

function revoke({ site }: OAuthRequest, refreshToken: TokenRow): void {
  const { tokens } = site.chart;
  tokens.put({ ...refreshToken, revoked: true });
  const access = tokens.find((row) => row.kind === "access" && row.jti === refreshToken.accessJti);
  if (access) tokens.put({ ...access, revoked: true });
}

/** From the body, or from a Basic header when the body has none. */
export function credentials(request: OAuthRequest, fields: URLSearchParams): { clientId?: string; secret?: string } {
  const clientId = fields.get("client_id");
  const secret = fields.get("client_secret");
  const basic = /^Basic (.+)$/u.exec(request.headers["authorization"] ?? "");
  if (clientId !== null || !basic)
    return { ...(clientId !== null && { clientId }), ...(secret !== null && { secret }) };
  const [user = "", password = ""] = Buffer.from(basic[1] ?? "", "base64")
    .toString("utf8")
    .split(":", 2);
  return { clientId: user, secret: password };
}

function refreshError(hint: string): Answer {
  return oauthError(401, "invalid_request", { description: "The refresh token is invalid.", hint });
}

function invalidGrant(hint: string): Answer {
  const description =
    "The provided authorization grant (e.g., authorization code, resource owner credentials) or refresh token is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.";
  return oauthError(400, "invalid_grant", { description, hint });
}
