/**
 * `/logout`, by GET. Removes the user's sign-in with this client and revokes no token: calls then answer 400 until the same
 * user signs in again, and a refresh still works (traffic: logout, logout-then-refresh, logout-then-login-again).
 */
import { decodeJwt } from "jose";
import type { JWTPayload } from "jose";
import { form, last } from "#sandbox/openemr/incoming.ts";
import { oauthError, plainText, redirect } from "#sandbox/openemr/answer.ts";
import type { Answer } from "#sandbox/openemr/answer.ts";
import type { ClientRow } from "#sandbox/openemr/rows.ts";
import type { Site } from "#sandbox/openemr/site.ts";
import { findClient } from "./oauth-request.ts";
import type { OAuthRequest } from "./oauth-request.ts";
import { verify } from "./signing-key.ts";

export async function logout(request: OAuthRequest): Promise<Answer> {
  const { site } = request;
  const byPost = request.method === "POST" && site.profile.oauth.logoutByPost;
  const query = byPost ? form(request) : request.query;
  const hint = last(query, "id_token_hint");
  if (hint === undefined)
    return oauthError(400, site.profile.oauth.invalidRequest, { description: "Id token missing from request" });
  const claims = await claimsOf(hint, (token, nowMs) => verify(site.key, token, nowMs));
  if (!claims) return refusal("Id token not issued from this server");
  const client = findClient(site, String(claims.aud));
  const login = site.chart.logins.find((row) => row.clientId === client?.clientId && row.userUuid === claims.sub);
  if (login && (claims["nonce"] ?? null) !== login.nonce) return refusal("Id token not issued from this server");
  if (login) site.chart.logins.remove(login.id);
  return goodbye(site, query, client);
}

/** Back to the one registered address, or a page without a way back; the user is signed out either way. */
function goodbye({ profile }: Site, query: URLSearchParams, client: ClientRow | undefined): Answer {
  const target = last(query, "post_logout_redirect_uri");
  if (target === undefined || client?.postLogoutRedirectUris.join("|") !== target) {
    return plainText("You have been signed out. Thank you.");
  }
  return redirect(profile.oauth.nextStatus, `${target}?state=${encodeURIComponent(last(query, "state") ?? "")}`);
}

/** An id_token of this site, of any age. */
async function claimsOf(token: string, check: (token: string, nowMs: number) => Promise<JWTPayload | undefined>) {
  try {
    const { iat = 0 } = decodeJwt(token);
    return await check(token, iat * 1000);
  } catch {
    return undefined;
  }
}

function refusal(description: string): Answer {
  return oauthError(400, "invalid_request", { description });
}
