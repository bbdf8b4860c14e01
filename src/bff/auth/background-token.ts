/**
 * A token that belongs to nobody: client credentials with a signed assertion (SMART Backend Services; facts/openemr.md 1). In: the server's
 * key pair. Out: a token for work in the background, where OpenEMR gives one and its scopes allow that work. Such tokens
 * live five minutes and are not refreshed; nothing of them is kept.
 */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Config } from "#bff/config.ts";
import type { Log } from "#bff/context.ts";
import type { Clock } from "#model/clock.ts";
import { toProblem } from "#model/problem.ts";
import { scopesOf } from "#openemr/abilities.ts";
import type { Send } from "#openemr/send.ts";
import type { ClientKeys } from "./client-keys.ts";
import { issuerOf, parseJson } from "./openid.ts";
import { listedScopes, systemScopesFor } from "./scopes.ts";

/** Reading the calendar over FHIR; filing notes over the standard API, which no released version allows. */
export type BackgroundUse = "calendar" | "filing";

export type BackgroundTokens = {
  /** Undefined when OpenEMR gives none, or none with the scopes that this needs. Never throws. */
  tokenFor(use: BackgroundUse): Promise<string | undefined>;
  /** OpenEMR took the token and refused the work: it is not tried again for an hour. */
  refused(use: BackgroundUse): void;
};

/** Where it is switched off. */
export const noBackgroundTokens: BackgroundTokens = { tokenFor: async () => undefined, refused: () => undefined };

export type BackgroundGrant = { accessToken: string; scopes: string[]; expiresInMs: number };
/** `why`: OpenEMR's own word and the status. */
export type BackgroundAnswer = BackgroundGrant | { refused: string };

type Asking = { config: Config; send: Send; clock: Clock; keys: ClientKeys };

const needed: Record<BackgroundUse, readonly string[]> = {
  calendar: ["system/Appointment.read"],
  filing: ["encounter", "soap_note"].flatMap((name) => [`system/${name}.read`, `system/${name}.write`]),
};

const deadlineMs = 10_000;
/** The server may demand at most five minutes (SMART Backend Services, "exp"). */
const assertionSeconds = 240;
const hourMs = 3_600_000;
const spareMs = 60_000;

type Needs = Omit<Asking, "keys"> & { keys: ClientKeys | undefined; log: Log };

export function createBackgroundTokens({ keys, ...parts }: Needs): BackgroundTokens {
  if (keys === undefined) return noBackgroundTokens;
  const { clock, log } = parts;
  let last: { until: number; answer: Promise<BackgroundAnswer | undefined> } | undefined;
  const notFor = new Map<BackgroundUse, number>();
  const ask = (): Promise<BackgroundAnswer | undefined> => {
    const now = clock.now();
    if (last !== undefined && now < last.until) return last.answer;
    const asked = { until: now + deadlineMs, answer: askQuietly({ ...parts, keys }) };
    last = asked;
    void asked.answer.then((answer) => {
      asked.until = untilWhen(answer, now);
      if (answer !== undefined && "refused" in answer)
        log.warn({ why: answer.refused }, "no token for background work");
    });
    return asked.answer;
  };
  return {
    tokenFor: async (use) => {
      if (clock.now() < (notFor.get(use) ?? 0)) return undefined;
      const answer = await ask();
      if (answer === undefined || "refused" in answer) return undefined;
      return needed[use].every((scope) => answer.scopes.includes(scope)) ? answer.accessToken : undefined;
    },
    refused: (use) => {
      notFor.set(use, clock.now() + hourMs);
      log.warn({ use }, "OpenEMR refuses this work to a token of nobody");
    },
  };
}

/** A refusal is not asked about again for an hour; a server that is away is. */
function untilWhen(answer: BackgroundAnswer | undefined, now: number): number {
  if (answer === undefined) return now;
  return now + ("refused" in answer ? hourMs : answer.expiresInMs - spareMs);
}

/** Undefined: OpenEMR could not say. */
async function askQuietly(parts: Asking): Promise<BackgroundAnswer | undefined> {
  try {
    return await askForBackgroundToken(parts);
  } catch {
    return undefined;
  }
}

const Granted = z.object({
  access_token: z.string().min(1),
  token_type: z.string().regex(/^bearer$/iu),
  expires_in: z.number().positive(),
});
const Refused = z.object({ error: z.string().regex(/^[a-z_ ]{1,40}$/u) });

/** Asks for what this server lists of what background work needs. Throws when it does not answer. */
export async function askForBackgroundToken({ config, send, clock, keys }: Asking): Promise<BackgroundAnswer> {
  const issuer = issuerOf(config);
  const scopes = systemScopesFor(await listedScopes(send, issuer));
  if (scopes.length === 0) return { refused: "it lists no scopes for this" };
  const clientId = config.OPENEMR_CLIENT_ID;
  const seconds = Math.floor(clock.now() / 1000);
  const assertion = await keys.sign({
    iss: clientId,
    sub: clientId,
    aud: `${issuer}/token`,
    jti: randomUUID(),
    iat: seconds,
    exp: seconds + assertionSeconds,
  });
  const answer = await send({
    method: "POST",
    url: `${issuer}/token`,
    headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: assertion,
      scope: scopes.join(" "),
    }).toString(),
    deadlineMs,
  });
  return toAnswer(answer.status, answer.body);
}

function toAnswer(status: number, body: string): BackgroundAnswer {
  const json = parseJson(body);
  const granted = Granted.safeParse(json);
  if (granted.success) {
    const { access_token: accessToken, expires_in: seconds } = granted.data;
    return { accessToken, scopes: scopesOf(accessToken), expiresInMs: seconds * 1000 };
  }
  const refused = Refused.safeParse(json);
  return { refused: `${refused.success ? `${refused.data.error}, ` : ""}HTTP ${String(status)}` };
}

/** What OpenEMR says when it took the token and does not want it here. */
export function isRefusedToNobody(thrown: unknown): boolean {
  return ["openemr_scope_missing", "openemr_role_missing", "signed_out"].includes(toProblem(thrown).code);
}
