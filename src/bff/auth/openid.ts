/**
 * OpenEMR as an OpenID provider: the three calls that need the client secret or a token. In: codes and tokens. Out: fresh
 * token sets, or a problem; OpenEMR's own error text stays here.
 */
import { z } from "zod";
import type { Config } from "#bff/config.ts";
import { problem } from "#model/problem.ts";
import type { Send, SendAnswer } from "#openemr/send.ts";
import type { CodeExchange } from "./code-exchange.ts";
import { LaunchContext } from "./launch-context.ts";

/** What OpenEMR gave; `refreshToken` is absent when offline_access was not granted. */
export type TokenSet = {
  accessToken: string;
  refreshToken: string | null;
  idToken: string;
  expiresInMs: number;
  launched: LaunchContext["launched"];
};

export type OpenId = {
  exchange(request: CodeExchange): Promise<TokenSet>;
  /** `signed_out` when OpenEMR no longer accepts the token; `openemr_down` or `timed_out` when it could not say. */
  refresh(grant: { refreshToken: string; scope: string }): Promise<TokenSet>;
  /** Ends the user's OpenEMR session of this client. */
  logout(idToken: string): Promise<void>;
  /** OpenEMR's key set, as it is served. */
  keys(): Promise<unknown>;
};

const tokenDeadlineMs = 10_000;
const otherDeadlineMs = 3_000;

/** `{OPENEMR_URL}/oauth2/{site}`: the issuer, and where every endpoint lies. */
export function issuerOf(config: Pick<Config, "OPENEMR_URL" | "OPENEMR_SITE">): string {
  return `${config.OPENEMR_URL.replace(/\/+$/u, "")}/oauth2/${config.OPENEMR_SITE}`;
}

const TokenAnswer = z
  .object({
    access_token: z.string().min(1),
    id_token: z.string().min(1),
    refresh_token: z.string().min(1).nullish(),
    token_type: z.string().regex(/^bearer$/iu),
    expires_in: z.number().positive(),
  })
  .and(LaunchContext)
  .transform(({ launched, ...answer }) => ({
    launched,
    accessToken: answer.access_token,
    idToken: answer.id_token,
    refreshToken: answer.refresh_token ?? null,
    expiresInMs: answer.expires_in * 1000,
  }));

export function createOpenId(config: Config, send: Send): OpenId {
  const issuer = issuerOf(config);
  const client = { client_id: config.OPENEMR_CLIENT_ID, client_secret: config.OPENEMR_CLIENT_SECRET };
  const askForTokens = (form: Record<string, string>): Promise<SendAnswer> =>
    send({
      method: "POST",
      url: `${issuer}/token`,
      headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ ...form, ...client }).toString(),
      deadlineMs: tokenDeadlineMs,
    });
  return {
    exchange: async ({ code, verifier, redirectUri }) => {
      const form = { grant_type: "authorization_code", code, code_verifier: verifier, redirect_uri: redirectUri };
      const answer = await askForTokens(form);
      if (answer.status !== 200) throw refused("sign_in_failed", answer);
      return toTokenSet(answer);
    },
    refresh: async ({ refreshToken, scope }) => {
      const form = { grant_type: "refresh_token", refresh_token: refreshToken };
      const repeated = await askForTokens({ ...form, scope });
      // 7.0 refuses any scope here, and a refusal uses nothing up (traffic: refresh "narrower scope"); 8.x needs it said.
      const isScopeRefused = repeated.status === 400 && errorWord(repeated.body) === "invalid_scope";
      const answer = isScopeRefused ? await askForTokens(form) : repeated;
      if (answer.status !== 200) throw refused("signed_out", answer);
      return toTokenSet(answer);
    },
    logout: async (idToken) => {
      const query = new URLSearchParams({ id_token_hint: idToken }).toString();
      await send({ method: "GET", url: `${issuer}/logout?${query}`, headers: {}, deadlineMs: otherDeadlineMs });
    },
    keys: async () => {
      const headers = { accept: "application/json" };
      const answer = await send({ method: "GET", url: `${issuer}/jwk`, headers, deadlineMs: otherDeadlineMs });
      if (answer.status !== 200) throw refused("sign_in_failed", answer);
      return parseJson(answer.body);
    },
  };
}

function toTokenSet(answer: SendAnswer): TokenSet {
  const parsed = TokenAnswer.safeParse(parseJson(answer.body));
  if (!parsed.success) throw problem("openemr_answer_unreadable", { detail: "token answer" });
  return parsed.data;
}

/** A failing server is down; any other status is its refusal. */
function refused(code: "sign_in_failed" | "signed_out", answer: SendAnswer): Error {
  if (answer.status >= 500) return problem("openemr_down", { detail: `token endpoint ${answer.status}` });
  return problem(code, { detail: `OpenEMR ${answer.status} ${errorWord(answer.body)}` });
}

/** The OAuth error code is a fixed word; anything else is dropped. */
function errorWord(body: string): string {
  const parsed = z.object({ error: z.string().regex(/^[a-z_]{1,40}$/u) }).safeParse(parseJson(body));
  return parsed.success ? parsed.data.error : "";
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
