/**
 * What this server offers this token: read from the CapabilityStatement and from the token's scopes, never from a version.
 * The statement is asked for only when the scopes allow it, and kept for an hour (it takes OpenEMR a quarter of a second).
 */
import { z } from "zod";
import { CapabilityStatement } from "#protocol/openemr-scheduling.ts";
import type { Clock } from "#model/clock.ts";
import { ProblemError } from "#model/problem.ts";
import { parse } from "./call.ts";
import type { Access, Call } from "./call.ts";

export type Abilities = {
  /** Slots can be searched; appointments can be created and changed over FHIR. */
  canSchedule(access: Access): Promise<boolean>;
};

const hourMs = 3_600_000;

export function createAbilities(call: Call, clock: Clock): Abilities {
  let kept: { at: number; schedules: Promise<boolean> } | undefined;
  const ask = (access: Access): Promise<boolean> => {
    const now = clock.now();
    if (kept !== undefined && now - kept.at < hourMs) return kept.schedules;
    const asked = { at: now, schedules: offersScheduling(call, access) };
    kept = asked;
    asked.schedules.catch(() => {
      if (kept === asked) kept = undefined;
    });
    return asked.schedules;
  };
  return { canSchedule: async (access) => allowsScheduling(scopesOf(access.token)) && (await ask(access)) };
}

/** A statement that cannot be read promises nothing; a server that is away is told to the caller. */
async function offersScheduling(call: Call, access: Access): Promise<boolean> {
  try {
    const { json } = await call(access, { method: "GET", path: "/fhir/metadata" });
    const { rest } = parse(CapabilityStatement, json);
    const resources = rest.flatMap(({ resource }) => resource ?? []);
    const can = (type: string, code: string): boolean =>
      resources.some((one) => one.type === type && (one.interaction ?? []).some((each) => each.code === code));
    return can("Slot", "search-type") && can("Appointment", "create") && can("Appointment", "update");
  } catch (thrown) {
    if (thrown instanceof ProblemError && isNoStatement(thrown)) return false;
    throw thrown;
  }
}

function isNoStatement({ problem }: ProblemError): boolean {
  return problem.code === "openemr_answer_unreadable" || problem.code === "openemr_refused";
}

function allowsScheduling(scopes: readonly string[]): boolean {
  const has = (pattern: RegExp): boolean => scopes.some((scope) => pattern.test(scope));
  const writes = has(/^user\/Appointment\.(?:write|cr?ud?s?)$/u);
  return writes && has(/^user\/Slot\.(?:read|r?s)$/u);
}

const Claims = z.object({ scopes: z.array(z.string()) });

/** Of OpenEMR's access token, a JWT. Only read, never trusted: OpenEMR checks it again at every call. */
export function scopesOf(token: string): string[] {
  try {
    const payload = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    return Claims.parse(JSON.parse(atob(payload))).scopes;
  } catch {
    return [];
  }
}
