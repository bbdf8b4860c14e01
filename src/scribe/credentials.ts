/**
 * How we show who we are: a key that never changes, or a token that is fetched with a client's own secret (OAuth 2 client
 * credentials), kept for four fifths of its life and fetched once however many wait. Where the provider gave a refresh token that
 * is shown for the next one, once; refused, the secret is shown again. All of it stays in memory.
 */
import type { z } from "zod";
import { problem } from "#model/problem.ts";
import { OAuthToken } from "#protocol/oauth-token.ts";
import { isOk, parseAnswer } from "./answer.ts";
import type { Waiting } from "./retry.ts";
import type { Send } from "./scribe.ts";

/** `tokenUrl` is the token endpoint of the service's OpenID provider. */
export type OidcClient = { tokenUrl: string; clientId: string; clientSecret: string; scope?: string | undefined };

export type Credentials = {
  headers(): Promise<Record<string, string>>;
  /** Forgets a token that was refused; false when there is nothing to renew. */
  renew(): boolean;
};

/** `toHeaders` spells the key as the protocol wants it. */
export function createKey(key: string, toHeaders: (key: string) => Record<string, string>): Credentials {
  return { headers: () => Promise.resolve(toHeaders(key)), renew: () => false };
}

const deadlineMs = 10_000;
/** For a provider that does not say how long its tokens live. */
const assumedSeconds = 300;

/** Throws `scribe_refused` when the provider does not accept the client. */
export function createToken(send: Send, waiting: Waiting, client: OidcClient): Credentials {
  let kept: { token: string; until: number } | undefined;
  let running: Promise<string> | undefined;
  let refreshToken: string | undefined;
  const ask = async (): Promise<string> => {
    const given = await fetchToken(send, client, refreshToken);
    const { access_token: token, expires_in: seconds = assumedSeconds } = given;
    refreshToken = given.refresh_token;
    kept = { token, until: waiting.clock.now() + seconds * 800 };
    return token;
  };
  const token = (): Promise<string> => {
    if (kept && waiting.clock.now() < kept.until) return Promise.resolve(kept.token);
    running ??= ask().finally(() => {
      running = undefined;
    });
    return running;
  };
  return {
    headers: async () => ({ authorization: `Bearer ${await token()}` }),
    renew: () => {
      kept = undefined;
      return true;
    },
  };
}

async function fetchToken(send: Send, client: OidcClient, refreshToken?: string): Promise<z.infer<typeof OAuthToken>> {
  const answer = await send(tokenRequest(client, refreshToken));
  if (answer.status >= 500) throw problem("scribe_down", { detail: `${answer.status} from the token endpoint` });
  if (isOk(answer)) return parseAnswer(OAuthToken, answer);
  if (refreshToken !== undefined) return fetchToken(send, client);
  throw problem("scribe_refused", { detail: `${answer.status} from the token endpoint` });
}

function tokenRequest(client: OidcClient, refreshToken: string | undefined): Parameters<Send>[0] {
  const { tokenUrl, clientId, clientSecret, scope } = client;
  const grant =
    refreshToken === undefined
      ? { grant_type: "client_credentials" }
      : { grant_type: "refresh_token", refresh_token: refreshToken };
  const fields = { ...grant, client_id: clientId, client_secret: clientSecret };
  return {
    method: "POST",
    url: tokenUrl,
    headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
    body: new URLSearchParams(scope === undefined ? fields : { ...fields, scope }).toString(),
    deadlineMs,
  };
}
