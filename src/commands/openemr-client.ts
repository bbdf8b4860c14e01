/** The registered client of an OpenEMR: made by `openemr:register`, kept in a file of its own, read by `openemr:check`. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseEnv } from "node:util";
import { z } from "zod";
import { type ClientKeys, readClientKeys } from "#bff/auth/client-keys.ts";
import { issuerOf } from "#bff/auth/openid.ts";
import { listedScopes, scopesFor, systemScopesFor } from "#bff/auth/scopes.ts";
import { readSealKeys } from "#bff/auth/seal-keys.ts";
import { createSeal } from "#bff/auth/seal.ts";
import type { Config } from "#bff/config.ts";
import type { Send } from "#openemr/send.ts";

export type Client = { url: string; clientId: string; clientSecret: string };

const Registered = z.object({ client_id: z.string().min(1), client_secret: z.string().min(1) });
const Refused = z.object({ error: z.string().max(60), hint: z.string().max(200).optional() });

/**
 * Registers a confidential client (RFC 7591) with what Chartside uses of what this server lists; with keys also for tokens that
 * belong to nobody. Throws with the server's own words. OpenEMR shows the secret this once: reading a registration back never worked (facts/openemr-live.md 1, row 30).
 */
export async function registerClient(
  send: Send,
  { config, keys }: { config: Config; keys?: ClientKeys | undefined },
): Promise<Omit<Client, "url"> & { scopes: string[] }> {
  const issuer = issuerOf(config);
  const origin = config.CHARTSIDE_ORIGIN;
  const listed = await listedScopes(send, issuer);
  const scopes = [...scopesFor(listed, config), "launch", ...(keys === undefined ? [] : systemScopesFor(listed))];
  const answer = await send({
    method: "POST",
    url: `${issuer}/registration`,
    headers: { accept: "application/json", "content-type": "application/json" },
    body: JSON.stringify({
      application_type: "private",
      client_name: "Chartside",
      redirect_uris: [`${origin}/callback`],
      // Where the button on a patient's page leads.
      initiate_login_uri: `${origin}/launch`,
      // Exactly one: OpenEMR compares it as a whole at sign-out.
      post_logout_redirect_uris: [`${origin}/`],
      token_endpoint_auth_method: "client_secret_post",
      contacts: [],
      ...(keys === undefined ? {} : { jwks: keys.jwks }),
      scope: scopes.join(" "),
    }),
    deadlineMs: 15_000,
  });
  const registered = Registered.safeParse(readJson(answer.body));
  if (!registered.success) throw new Error(refusalOf(answer.status, readJson(answer.body)));
  const { client_id: clientId, client_secret: clientSecret } = registered.data;
  return { clientId, clientSecret, scopes };
}

function refusalOf(status: number, json: unknown): string {
  const refused = Refused.safeParse(json);
  const words = refused.success ? `${refused.data.error} ${refused.data.hint ?? ""}`.trim() : "no reason that we know";
  return `OpenEMR refused the registration (HTTP ${status}): ${words}`;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type KeptClient = Client & { assertion: boolean };

/** Settings as the clinic server reads them; only its owner can read the file. */
export function keepClient(file: string, { url, clientId, clientSecret, assertion }: KeptClient): void {
  mkdirSync(dirname(file), { recursive: true });
  const lines = [`OPENEMR_URL=${url}`, `OPENEMR_CLIENT_ID=${clientId}`, `OPENEMR_CLIENT_SECRET=${clientSecret}`];
  if (assertion) lines.push("OPENEMR_CLIENT_ASSERTION=on");
  writeFileSync(file, `${lines.join("\n")}\n`, { mode: 0o600 });
}

/** Undefined when there is none for this address. */
export function readClient(file: string, url: string): Client | undefined {
  try {
    const kept = parseEnv(readFileSync(file, "utf8"));
    const { OPENEMR_URL, OPENEMR_CLIENT_ID: clientId, OPENEMR_CLIENT_SECRET: clientSecret } = kept;
    if (OPENEMR_URL !== url || clientId === undefined || clientSecret === undefined) return undefined;
    return { url, clientId, clientSecret };
  } catch {
    return undefined;
  }
}

/** `emr.example.org` of `https://emr.example.org/`, so that several servers have a file each. */
export function clientFileOf(url: string): string {
  return `.chartside/openemr-${new URL(url).host.replaceAll(/[^\w.-]/gu, "-")}.env`;
}

/** The clinic server's own key pair, made here when it was never started; undefined where it is switched off. */
export async function clientKeysOf(config: Config): Promise<ClientKeys | undefined> {
  if (config.OPENEMR_CLIENT_ASSERTION === "off") return undefined;
  return readClientKeys({ config, seal: createSeal(await readSealKeys(config)) });
}
