/** Making a token set: access token, id_token, and a refresh token when `offline_access` was granted. */
import { randomBytes } from "node:crypto";
import { json } from "#sandbox/openemr/answer.ts";
import type { Answer } from "#sandbox/openemr/answer.ts";
import { systemUser } from "#sandbox/openemr/rows.ts";
import type { LaunchContext } from "#sandbox/openemr/rows.ts";
import type { Site } from "#sandbox/openemr/site.ts";
import { fhirUser, issuer } from "./oauth-request.ts";
import { sign } from "./signing-key.ts";

const hourMs = 3_600_000;
const accessLifeMs = hourMs;
/** Three months. */
const refreshLifeMs = 92 * 24 * hourMs;

export type Grant = {
  clientId: string;
  userUuid: string;
  scopes: string[];
  nonce: string | null;
  launched?: LaunchContext;
};

export async function issueTokens(site: Site, grant: Grant): Promise<Answer> {
  const jti = newJti();
  const tokens = {
    ...(grant.scopes.includes("openid") && { id_token: await idToken(site, grant) }),
    // OpenEMR leaves `api:oemr` and its like out of the answer; only the token itself has them.
    scope: grant.scopes.filter((scope) => !scope.startsWith("api:")).join(" "),
    token_type: "Bearer",
    expires_in: accessLifeMs / 1000,
    access_token: await accessToken(site, grant, { jti, lifeMs: accessLifeMs }),
    ...contextOf(grant),
    ...(grant.scopes.includes("offline_access") && { refresh_token: refreshToken(site, grant, jti) }),
  };
  const answer = json(200, tokens);
  return { ...answer, headers: { "content-type": "application/json; charset=UTF-8", pragma: "no-cache" } };
}

const systemLifeMs = 5 * 60_000;

/** Without a user, an id_token or a refresh. */
export async function issueSystemToken(
  site: Site,
  { clientId, scopes }: Pick<Grant, "clientId" | "scopes">,
): Promise<Answer> {
  const jti = newJti();
  const grant = { clientId, userUuid: systemUser, scopes, nonce: null };
  return json(200, {
    token_type: "Bearer",
    expires_in: systemLifeMs / 1000,
    access_token: await accessToken(site, grant, { jti, lifeMs: systemLifeMs }),
    scope: scopes.join(" "),
  });
}

/** Only with the scope `launch` does a token say whose page opened the app (facts 2.8). */
function contextOf({ scopes, launched }: Grant): Record<string, unknown> {
  if (launched === undefined || !scopes.includes("launch")) return {};
  const encounter = launched.encounter === null ? {} : { encounter: launched.encounter };
  const appointment = launched.appointment === null ? {} : { fhirContext: [`Appointment/${launched.appointment}`] };
  return { patient: launched.patient, ...encounter, ...appointment, need_patient_banner: true };
}

async function accessToken(
  site: Site,
  { clientId, userUuid, scopes }: Grant,
  { jti, lifeMs }: { jti: string; lifeMs: number },
): Promise<string> {
  const nowMs = site.clock.now();
  const expiresAtMs = nowMs + lifeMs;
  keep(site, { kind: "access", value: jti, jti, clientId, userUuid, scopes, expiresAtMs, accessJti: null });
  return sign(site.key, {
    aud: clientId,
    jti,
    iat: nowMs / 1000,
    nbf: nowMs / 1000,
    exp: expiresAtMs / 1000,
    sub: userUuid,
    scopes: [...scopes, ...site.profile.oauth.tokenScopes],
    iss: issuer(site),
  });
}

function idToken(site: Site, { clientId, userUuid, scopes, nonce }: Grant): Promise<string> {
  const iat = Math.floor(site.clock.now() / 1000);
  return sign(site.key, {
    aud: clientId,
    iss: issuer(site),
    iat,
    exp: iat + accessLifeMs / 1000,
    sub: userUuid,
    ...(scopes.includes("fhirUser") && { fhirUser: fhirUser(site, userUuid) }),
    ...(nonce !== null && { nonce }),
    ...(scopes.includes("api:oemr") && { "api:oemr": true }),
    ...(scopes.includes("api:fhir") && { "api:fhir": true }),
  });
}

function refreshToken(site: Site, { clientId, userUuid, scopes }: Grant, accessJti: string): string {
  const value = `def502${randomBytes(890).toString("hex")}`;
  const expiresAtMs = site.clock.now() + refreshLifeMs;
  keep(site, { kind: "refresh", value, jti: newJti(), clientId, userUuid, scopes, expiresAtMs, accessJti });
  return value;
}

type NewToken = Omit<Parameters<Site["chart"]["tokens"]["add"]>[0], "revoked" | "expiredByHand">;

function keep(site: Site, token: NewToken): void {
  site.chart.tokens.add({ ...token, revoked: false, expiredByHand: false });
}

function newJti(): string {
  return randomBytes(40).toString("hex");
}
