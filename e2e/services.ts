/** The scribe services that a world may have beside the local scribe: a sandbox of each form, to which the local scribe lends its ears. */
import { join } from "node:path";
import type { ServerOptions } from "#commands/server.ts";
import type { Secrets } from "./secrets.ts";

export const serviceForms = ["msa-a", "msa-b", "msa-c", "omsif-1", "omsif-2"] as const;
export type ServiceForm = (typeof serviceForms)[number];

export type ServicePlace = { port: number; folder: string; localScribeUrl: string; secrets: Secrets };

/** The sandbox's own process. */
export function serviceServer(
  form: ServiceForm,
  { port, folder, localScribeUrl, secrets }: ServicePlace,
): ServerOptions {
  const ears = { SANDBOX_HEARS_WITH: localScribeUrl, SANDBOX_HEARS_WITH_KEY: secrets.localScribeKey };
  const common = { ...ears, SANDBOX_CONTROLS: "1" };
  if (form === "omsif-1" || form === "omsif-2") {
    const own = {
      SANDBOX_OMSIF_PORT: String(port),
      SANDBOX_OMSIF_REVISION: form === "omsif-1" ? "1" : "2",
      // Revision 1 as one that takes whole files for later, revision 2 in chunks.
      SANDBOX_OMSIF_FEATURES: form === "omsif-1" ? "async" : "streaming_upload",
      SANDBOX_OMSIF_KEY: secrets.serviceKey,
      SANDBOX_OMSIF_SECRET: secrets.webhook,
      SANDBOX_OMSIF_DATA: join(folder, "service"),
    };
    return { name: "service", main: "sandbox/omsif/main.ts", env: { ...common, ...own } };
  }
  const own = {
    SANDBOX_MSA_PORT: String(port),
    SANDBOX_MSA_FORM: letters[form],
    SANDBOX_MSA_KEY: secrets.serviceKey,
    SANDBOX_MSA_CLIENT_SECRET: secrets.serviceClient,
    SANDBOX_MSA_DATA: join(folder, "service"),
  };
  return { name: "service", main: "sandbox/msa/main.ts", env: { ...common, ...own } };
}

const letters = { "msa-a": "A", "msa-b": "B", "msa-c": "C" } as const;

/** One entry of SCRIBE_SERVICES. The form is never told: it has to be seen. */
export function serviceEntry(form: ServiceForm, url: string, secrets: Secrets): object {
  const name = `Service ${form}`;
  if (form !== "msa-c")
    return { name, url: form.startsWith("omsif") ? `${url}/v1/omsif` : url, key: secrets.serviceKey };
  const oidc = { tokenUrl: `${url}/oauth/token`, clientId: "chartside", clientSecret: secrets.serviceClient };
  return { name, url: `${url}/voice/v1`, oidc };
}

export type Taken = { files: number; stores: number };

/** Pulls one of the sandbox's strings. */
export async function pull(url: string, name: string, ...given: unknown[]): Promise<void> {
  const answer = await fetch(`${url}/sandbox/${name}`, { method: "POST", body: JSON.stringify(given) });
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
}

/** What the service itself holds of each visit: files, and how often it stored one. OMSIF tells it of jobs. */
export async function takenAt(url: string, form: ServiceForm): Promise<Taken[]> {
  const told = form.startsWith("omsif") ? "jobs" : "sessions";
  const answer = await fetch(`${url}/sandbox/${told}`, { method: "POST" });
  const held = (await answer.json()) as { files: unknown[]; stores?: number }[];
  return held.map(({ files, stores = files.length }) => ({ files: files.length, stores }));
}

/** The bearer tokens that the service gave out; only form C does. */
export async function tokensFrom(url: string, form: ServiceForm): Promise<Record<string, string>> {
  if (form !== "msa-c") return {};
  const answer = await fetch(`${url}/sandbox/tokens`, { method: "POST" });
  return Object.fromEntries(((await answer.json()) as string[]).map((token, n) => [`token ${n}`, token]));
}
