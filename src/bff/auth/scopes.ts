/**
 * What Chartside asks OpenEMR for. `.read` / `.write` is understood by every OpenEMR since 7.0.0, the finer letters of 7.0.4 and
 * later are not, and the two are never mixed (facts/openemr-live.md 1, rows 8 and 10). A scope that a server does not know
 * makes it refuse the whole sign-in, so what not every server has is asked for only where the server lists it.
 */
import { z } from "zod";
import type { Config } from "#bff/config.ts";
import type { Clock } from "#model/clock.ts";
import type { Send } from "#openemr/send.ts";
import { issuerOf } from "./openid.ts";

const everywhere = [
  "openid fhirUser offline_access api:oemr api:fhir",
  "user/patient.read user/patient.write user/appointment.read user/appointment.write",
  "user/encounter.read user/encounter.write user/soap_note.read user/soap_note.write",
  "user/practitioner.read user/facility.read",
  "user/Person.read user/Location.read user/Patient.read",
]
  .join(" ")
  .split(" ");

/** 7.0.0 has no FHIR appointments; no released version has writing them, or slots. */
const whereListed = ["user/Appointment.read", "user/Appointment.write", "user/Slot.read", "user/Schedule.read"];

const forDocuments = ["user/document.read", "user/document.write"];

type Wanting = Partial<Pick<Config, "OPENEMR_DOCUMENTS">>;

/** Out of a server's `scopes_supported` (openid-configuration; its SMART document lists fewer). */
export function scopesFor(listed: readonly string[], { OPENEMR_DOCUMENTS: kinds = [] }: Wanting = {}): string[] {
  const documents = kinds.length === 0 ? [] : forDocuments;
  return [...everywhere, ...documents, ...whereListed.filter((scope) => listed.includes(scope))];
}

/** Of a token that belongs to nobody; the standard API's are listed by 7.0 alone, which refuses them all the same. */
const inBackground = [
  "system/Appointment.read",
  ...["encounter", "soap_note"].flatMap((name) => [`system/${name}.read`, `system/${name}.write`]),
];

/** Out of a server's `scopes_supported`. */
export function systemScopesFor(listed: readonly string[]): string[] {
  return inBackground.filter((scope) => listed.includes(scope));
}

export type Scopes = {
  /** What to ask for now, separated by spaces. Never throws: what every server has, when this one does not answer. */
  wanted(): Promise<string>;
};

type Parts = {
  config: Pick<Config, "OPENEMR_URL" | "OPENEMR_SITE" | "OPENEMR_SCOPE"> & Wanting;
  send: Send;
  clock: Clock;
};

const keptMs = 10 * 60_000;

export function createScopes({ config, send, clock }: Parts): Scopes {
  let last: { at: number; scope: string } | undefined;
  return {
    async wanted() {
      if (config.OPENEMR_SCOPE !== undefined) return config.OPENEMR_SCOPE;
      if (last !== undefined && clock.now() - last.at < keptMs) return last.scope;
      const listed = await listedScopes(send, issuerOf(config)).catch(() => undefined);
      if (listed !== undefined) last = { at: clock.now(), scope: scopesFor(listed, config).join(" ") };
      return last?.scope ?? scopesFor([], config).join(" ");
    },
  };
}

const Discovery = z.object({ scopes_supported: z.array(z.string()) });

/** Throws when the server does not answer, or says something else. */
export async function listedScopes(send: Send, issuer: string): Promise<string[]> {
  const url = `${issuer}/.well-known/openid-configuration`;
  const answer = await send({ method: "GET", url, headers: { accept: "application/json" }, deadlineMs: 3_000 });
  return Discovery.parse(JSON.parse(answer.body)).scopes_supported;
}
