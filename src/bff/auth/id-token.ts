/**
 * Checking an id_token: signature by OpenEMR's key, RS256 only, issuer, audience, times by our clock, and the nonce that this
 * server gave for this sign-in. oidc-client-ts checks none of them (design/backend.md, 5).
 */
import { createLocalJWKSet, decodeJwt, errors, jwtVerify, type JSONWebKeySet, type JWTPayload } from "jose";
import { z } from "zod";
import type { Clock } from "#model/clock.ts";
import { UserId } from "#model/id.ts";
import { problem } from "#model/problem.ts";
import type { OpenId, TokenSet } from "./openid.ts";

export type IdTokenChecks = { issuer: string; clientId: string; clock: Clock; openId: Pick<OpenId, "keys"> };
/** Whose the tokens are, and what was granted: the words that a refresh must repeat. */
export type Proof = { id: UserId; scope: string };
export type CheckIdToken = (tokens: TokenSet, nonce: string) => Promise<Proof>;

/** OpenEMR serves one RSA key, without `kid` or `alg`. */
const KeySet = z.object({ keys: z.array(z.looseObject({ kty: z.literal("RSA") })).min(1) });

/** Throws `sign_in_failed` that says which check failed. */
export function createIdTokenCheck(checks: IdTokenChecks): CheckIdToken {
  let cached: JSONWebKeySet | undefined;
  const keys = async (fresh: boolean): Promise<JSONWebKeySet> => {
    if (cached === undefined || fresh) cached = toKeySet(await checks.openId.keys());
    return cached;
  };
  return async (tokens, nonce) => {
    const claims = await verify(checks, tokens.idToken, keys).catch((thrown: unknown) => {
      throw thrown instanceof errors.JOSEError ? refusal(thrown.code) : thrown;
    });
    if (claims["nonce"] !== nonce) throw refusal("nonce");
    if (claims["azp"] !== undefined && claims["azp"] !== checks.clientId) throw refusal("azp");
    return proofOf(claims, tokens.accessToken);
  };
}

type Keys = (fresh: boolean) => Promise<JSONWebKeySet>;

/** A signature that does not fit may mean that OpenEMR has a new key: its key set is read once more. */
async function verify(checks: IdTokenChecks, idToken: string, keys: Keys): Promise<JWTPayload> {
  try {
    return await verifyWith(checks, idToken, await keys(false));
  } catch (thrown) {
    if (!(thrown instanceof errors.JWSSignatureVerificationFailed)) throw thrown;
    return verifyWith(checks, idToken, await keys(true));
  }
}

async function verifyWith(checks: IdTokenChecks, idToken: string, keys: JSONWebKeySet): Promise<JWTPayload> {
  const { payload } = await jwtVerify(idToken, createLocalJWKSet(keys), {
    algorithms: ["RS256"],
    issuer: checks.issuer,
    audience: checks.clientId,
    currentDate: new Date(checks.clock.now()),
    clockTolerance: 60,
    maxTokenAge: 600,
    requiredClaims: ["sub", "exp", "iat", "nonce"],
  });
  return payload;
}

/** The access token comes from the same answer; what it says is only compared and read for its rights. */
function proofOf(claims: JWTPayload, accessToken: string): Proof {
  const access = z.object({ sub: z.string(), scopes: z.array(z.string()) }).safeParse(readClaims(accessToken));
  if (!access.success) throw refusal("access token unreadable");
  if (access.data.sub !== claims.sub) throw refusal("sub");
  if (!access.data.scopes.includes("api:oemr")) throw refusal("scope api:oemr was not granted");
  // OpenEMR 8 counts the nonce as a scope and then refuses to refresh it (facts/openemr-live.md 1, row 2).
  const scope = access.data.scopes.filter((word) => word !== "nonce").join(" ");
  return { id: UserId.parse(claims.sub), scope };
}

function readClaims(token: string): unknown {
  try {
    return decodeJwt(token);
  } catch {
    return undefined;
  }
}

function toKeySet(answer: unknown): JSONWebKeySet {
  const parsed = KeySet.safeParse(answer);
  if (!parsed.success) throw refusal("keys unreadable");
  return parsed.data;
}

function refusal(detail: string): Error {
  return problem("sign_in_failed", { detail: `id_token: ${detail}` });
}
