/**
 * What an OpenEMR does when Chartside really uses it: discovery, sign-in, each scope, each call, refresh and sign-out. In: a
 * wire and a way through the sign-in pages. Out: one row per question, in the order they were asked. It writes nothing, unless
 * it is given a patient to write to.
 */
import { createHash, randomBytes } from "node:crypto";
import { createIdTokenCheck } from "#bff/auth/id-token.ts";
import type { Proof } from "#bff/auth/id-token.ts";
import { createOpenId, issuerOf } from "#bff/auth/openid.ts";
import type { OpenId, TokenSet } from "#bff/auth/openid.ts";
import { createScopes } from "#bff/auth/scopes.ts";
import { scopesOf } from "#openemr/abilities.ts";
import { tryBackground } from "./openemr-trial-background.ts";
import { tryCalls } from "./openemr-trial-calls.ts";
import { wordsOf } from "./openemr-trial-terms.ts";
import type { OpenEmrTrial, Say } from "./openemr-trial-terms.ts";

/** Never throws; true when Chartside can work with this server and account. */
export async function tryOpenEmr(trial: OpenEmrTrial, tell: Say): Promise<boolean> {
  let isGood = true;
  const say: Say = (question, verdict, told = "") => {
    if (verdict === "no") isGood = false;
    tell(question, verdict, told);
  };
  try {
    const openId = createOpenId(trial.config, trial.send);
    const { tokens, proof } = await signIn(trial, openId, say);
    const fresh = await tryRefresh(openId, { tokens, proof }, say);
    await tryCalls(trial, { token: fresh.accessToken, userId: proof.id }, say);
    await tryBackground(trial, say);
    await openId.logout(fresh.idToken);
    await tellSignedOut(trial, fresh, say);
  } catch (thrown) {
    say("the trial stopped here", "no", wordsOf(thrown));
  }
  return isGood;
}

async function signIn(trial: OpenEmrTrial, openId: OpenId, say: Say): Promise<SignedIn> {
  const { config, send, clock } = trial;
  const scope = await createScopes({ config, send, clock }).wanted();
  const secrets = { nonce: newSecret(), state: newSecret(), verifier: newSecret() };
  const redirectUri = `${config.CHARTSIDE_ORIGIN}/callback`;
  const query = queryOf(secrets, { clientId: config.OPENEMR_CLIENT_ID, redirectUri, scope });
  const back = await trial.signIn({ authorizeUrl: `${issuerOf(config)}/authorize?${query}`, redirectUri });
  const code = back.get("code");
  if (code === null) throw new Error(`OpenEMR returned without a code: ${back.get("error") ?? "no reason"}`);
  say("sign-in pages", back.get("state") === secrets.state ? "yes" : "no", "came back with a code");
  const tokens = await openId.exchange({ code, verifier: secrets.verifier, redirectUri });
  say("code for tokens, with PKCE and secret", "yes", `good for ${tokens.expiresInMs / 60_000} minutes`);
  const check = createIdTokenCheck({ issuer: issuerOf(config), clientId: config.OPENEMR_CLIENT_ID, clock, openId });
  const proof = await check(tokens, secrets.nonce);
  say("id_token: signature, issuer, audience, nonce", "yes");
  const granted = scopesOf(tokens.accessToken);
  for (const one of scope.split(" ")) say(`scope ${one}`, granted.includes(one) ? "yes" : "no");
  return { tokens, proof };
}

function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

type Secrets = { nonce: string; state: string; verifier: string };

function queryOf(
  { nonce, state, verifier }: Secrets,
  asked: { clientId: string; redirectUri: string; scope: string },
): string {
  return new URLSearchParams({
    response_type: "code",
    client_id: asked.clientId,
    redirect_uri: asked.redirectUri,
    scope: asked.scope,
    state,
    nonce,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  }).toString();
}

type SignedIn = { tokens: TokenSet; proof: Proof };

async function tryRefresh(openId: OpenId, { tokens, proof }: SignedIn, say: Say): Promise<TokenSet> {
  if (tokens.refreshToken === null) {
    say("refresh", "no", "no refresh token: offline_access was not granted");
    return tokens;
  }
  const asked = { refreshToken: tokens.refreshToken, scope: proof.scope };
  const fresh = await openId.refresh(asked);
  const isSame = scopesOf(fresh.accessToken).includes("api:oemr");
  say("refresh, with the same rights", isSame ? "yes" : "no");
  const again = await openId.refresh(asked).then(
    () => "taken",
    () => "refused",
  );
  say("an old refresh token is refused", again === "refused" ? "yes" : "absent");
  return fresh;
}

/** Signing out is told to OpenEMR; that its API then refuses the token is what protects. */
async function tellSignedOut(trial: OpenEmrTrial, tokens: TokenSet, say: Say): Promise<void> {
  const { config, send } = trial;
  const url = `${config.OPENEMR_URL}/apis/${config.OPENEMR_SITE}/api/patient?lname=zz`;
  const headers = { accept: "application/json", authorization: `Bearer ${tokens.accessToken}` };
  const { status } = await send({ method: "GET", url, headers, deadlineMs: 15_000 });
  say("sign-out ends the token at OpenEMR", status >= 400 ? "yes" : "absent", `HTTP ${status}`);
}
