/** Reading what oidc-client-ts posts to /auth/token: five parameters, once each, and nothing else (design/backend.md, 4). */
import type { Config } from "#bff/config.ts";
import { problem } from "#model/problem.ts";

export type CodeExchange = { code: string; verifier: string; redirectUri: string };

const parameters = ["client_id", "code", "code_verifier", "grant_type", "redirect_uri"];
/** RFC 7636 4.1. */
const verifierForm = /^[A-Za-z0-9\-._~]{43,128}$/u;

/** The page that OpenEMR sends the browser back to. */
export function redirectUriOf(config: Pick<Config, "CHARTSIDE_ORIGIN">): string {
  return `${config.CHARTSIDE_ORIGIN}/callback`;
}

/** `body` is the form as text. Throws `sign_in_failed` that names the parameter at fault. */
export function parseCodeExchange(body: unknown, config: Config): CodeExchange {
  const form = new URLSearchParams(typeof body === "string" ? body : "");
  if ([...form.keys()].toSorted().join(" ") !== parameters.join(" ")) throw refusal("parameters");
  const read = (name: string): string => form.get(name) ?? "";
  if (read("grant_type") !== "authorization_code") throw refusal("grant_type");
  if (read("client_id") !== config.OPENEMR_CLIENT_ID) throw refusal("client_id");
  if (read("redirect_uri") !== redirectUriOf(config)) throw refusal("redirect_uri");
  if (!verifierForm.test(read("code_verifier"))) throw refusal("code_verifier");
  const code = read("code");
  if (code === "" || code.length > 8192) throw refusal("code");
  return { code, verifier: read("code_verifier"), redirectUri: read("redirect_uri") };
}

function refusal(field: string): Error {
  return problem("sign_in_failed", { field, detail: `${field} refused` });
}
