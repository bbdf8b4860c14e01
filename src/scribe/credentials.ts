/**
 * How we show who we are: a key that never changes, or a token that is fetched with a client's own secret (OAuth 2 client
 * credentials), kept for four fifths of its life and fetched once however many wait. Both stay in memory.
 */
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
  const ask = async (): Promise<string> => {
    const answer = await send(tokenRequest(client));
    if (answer.status >= 500) throw problem("scribe_down", { detail: `${answer.status} from the token endpoint` });
    if (!isOk(answer)) throw problem("scribe_refused", { detail: `${answer.status} from the token endpoint` });
    const { access_token: token, expires_in: seconds = assumedSeconds } = parseAnswer(OAuthToken, answer);
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

function tokenRequest({ tokenUrl, clientId, clientSecret, scope }: OidcClient): Parameters<Send>[0] {
  const fields = { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret };
  return {
    method: "POST",
    url: tokenUrl,
    headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
    body: new URLSearchParams(scope === undefined ? fields : { ...fields, scope }).toString(),
    deadlineMs,
  };
}
