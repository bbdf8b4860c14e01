/** `/introspect`: always 200, as text/html; anything wrong is `{"active":false}`. */
import { form } from "#sandbox/openemr/incoming.ts";
import { json } from "#sandbox/openemr/answer.ts";
import type { Answer } from "#sandbox/openemr/answer.ts";
import type { TokenRow } from "#sandbox/openemr/rows.ts";
import { fhirUser, findClient, issuer } from "./oauth-request.ts";
import type { OAuthRequest } from "./oauth-request.ts";
import { verify } from "./signing-key.ts";
import { credentials } from "./token.ts";

export async function introspect(request: OAuthRequest): Promise<Answer> {
  if (await isIdToken(request)) return request.site.profile.oauth.introspectIdToken;
  const refusal = refuseClient(request);
  if (refusal) return refusal;
  const row = await findToken(request);
  const garbage = request.site.profile.oauth.introspectRefused?.garbage;
  if (row === undefined && garbage) return garbage;
  const value =
    row === undefined
      ? { active: false }
      : request.site.profile.oauth.introspected(describe(request, row), row.expiresAtMs);
  return { ...json(200, value), headers: { "content-type": "text/html; charset=utf-8" } };
}

/** Only where a wrong client is told so. */
function refuseClient(request: OAuthRequest): Answer | undefined {
  const refused = request.site.profile.oauth.introspectRefused;
  const { clientId, secret } = credentials(request, form(request));
  const client = findClient(request.site, clientId);
  if (!refused || !client?.confidential || client.secret === secret) return undefined;
  return secret === undefined ? refused.noSecret : refused.wrongSecret;
}

/** Signed here, but neither an access token nor a refresh token. */
async function isIdToken(request: OAuthRequest): Promise<boolean> {
  const { site } = request;
  const claims = await verify(site.key, form(request).get("token") ?? "", site.clock.now());
  return claims !== undefined && claims.jti === undefined;
}

async function findToken(request: OAuthRequest): Promise<TokenRow | undefined> {
  const { site } = request;
  const fields = form(request);
  const { clientId, secret } = credentials(request, fields);
  const client = findClient(site, clientId);
  if (!client || (client.confidential && client.secret !== secret)) return undefined;
  const text = fields.get("token") ?? "";
  const claims = await verify(site.key, text, site.clock.now());
  return site.chart.tokens.find((row) => row.value === (claims?.jti ?? text) && row.clientId === client.clientId);
}

function describe({ site }: OAuthRequest, row: TokenRow): Record<string, unknown> {
  const login = site.chart.logins.find((one) => one.clientId === row.clientId && one.userUuid === row.userUuid);
  const active = login !== undefined && !row.revoked && !row.expiredByHand;
  const isAccess = row.kind === "access";
  return {
    active,
    status: active ? "active" : "revoked",
    scope: isAccess ? [...row.scopes, ...site.profile.oauth.tokenScopes].join(" ") : row.scopes,
    exp: Math.floor(row.expiresAtMs / 1000),
    sub: row.userUuid,
    jti: row.jti,
    ...(isAccess && { aud: [row.clientId], iss: issuer(site) }),
    client_id: row.clientId,
    ...(isAccess && row.scopes.includes("fhirUser") && { fhirUser: fhirUser(site, row.userUuid) }),
  };
}
