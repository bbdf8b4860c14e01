/**
 * Tokens for nobody (`CustomClientCredentialsGrant`): only with an assertion that the client signed with a key of its registration,
 * only for `system/` scopes, for five minutes (facts 1; recording password_grant "client_credentials with secret"). How each
 * fault of an assertion is told was not recorded.
 */
import { createLocalJWKSet, decodeJwt, jwtVerify } from "jose";
import type { JWTPayload } from "jose";
import { invalidClient, invalidRequest, invalidScope } from "#sandbox/openemr/answer.ts";
import type { Answer } from "#sandbox/openemr/answer.ts";
import type { ClientRow } from "#sandbox/openemr/rows.ts";
import { issueSystemToken } from "./issue.ts";
import { findClient, issuer } from "./oauth-request.ts";
import type { OAuthRequest } from "./oauth-request.ts";

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

export async function clientCredentials(request: OAuthRequest, fields: URLSearchParams): Promise<Answer> {
  if (fields.get("client_assertion_type") !== assertionType) return invalidRequest("assertion type is not supported");
  const assertion = fields.get("client_assertion") ?? "";
  const client = findClient(request.site, claimedBy(assertion));
  // Wherever a switched-off client gets tokens, it does not get those of nobody: the grant looks by itself.
  if (client === undefined || !client.enabled) return invalidClient;
  const claims = await proved(request, client, assertion);
  if (claims?.jti === undefined || isUsed(request, claims.jti)) return invalidClient;
  return grant(request, client, fields.get("scope") ?? "");
}

function grant({ site }: OAuthRequest, client: ClientRow, asked: string): Answer | Promise<Answer> {
  const scopes = asked.split(" ");
  const wrong = scopes.find((scope) => !scope.startsWith("system/") || !client.scopes.includes(scope));
  if (wrong !== undefined) return invalidScope(wrong);
  return issueSystemToken(site, { clientId: client.clientId, scopes });
}

function claimedBy(assertion: string): string | undefined {
  try {
    return decodeJwt(assertion).sub;
  } catch {
    return undefined;
  }
}

async function proved({ site }: OAuthRequest, client: ClientRow, assertion: string): Promise<JWTPayload | undefined> {
  try {
    const { payload } = await jwtVerify(assertion, createLocalJWKSet(client.jwks ?? { keys: [] }), {
      algorithms: ["RS384"],
      issuer: client.clientId,
      subject: client.clientId,
      audience: `${issuer(site)}/token`,
      currentDate: new Date(site.clock.now()),
      requiredClaims: ["jti", "exp"],
      maxTokenAge: "5 minutes",
    });
    return payload;
  } catch {
    return undefined;
  }
}

/** Each assertion works once (`jwt_grant_history`). */
function isUsed({ site }: OAuthRequest, jti: string): boolean {
  const key = `assertion:${jti}`;
  if (site.chart.settings.get(key) !== undefined) return true;
  site.chart.settings.set(key, "used");
  return false;
}
