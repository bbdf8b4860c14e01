/**
 * Who somebody is in OpenEMR. Tokens carry neither role nor name, so both are found by asking with the fresh token: what
 * OpenEMR lets them do is their role (src/decisions/0003-roles-are-probed.md).
 */
import { z } from "zod";
import type { Config } from "#bff/config.ts";
import type { UserId } from "#model/id.ts";
import { problem } from "#model/problem.ts";
import type { Role } from "#model/user.ts";
import type { Send, SendAnswer } from "#openemr/send.ts";

export type RoleProbe = {
  role(accessToken: string): Promise<Role>;
  /** The person's own name, or "Signed in" when OpenEMR does not tell it (7.0.0). */
  name(accessToken: string, userId: UserId): Promise<string>;
};

/** Belongs to nobody: the answer's status says enough, and no record is touched. */
const anyPatient = "00000000-0000-4000-8000-000000000000";
const deadlineMs = 5_000;

export function createRoleProbe(config: Pick<Config, "OPENEMR_URL" | "OPENEMR_SITE">, send: Send): RoleProbe {
  const base = `${config.OPENEMR_URL.replace(/\/+$/u, "")}/apis/${config.OPENEMR_SITE}`;
  const get = (accessToken: string, path: string): Promise<SendAnswer> => {
    const headers = { accept: "application/json", authorization: `Bearer ${accessToken}` };
    return send({ method: "GET", url: base + path, headers, deadlineMs });
  };
  return {
    role: async (accessToken) => {
      const [practitioners, encounters] = await Promise.all([
        get(accessToken, "/api/practitioner"),
        get(accessToken, `/api/patient/${anyPatient}/encounter`),
      ]);
      return toRole(practitioners, encounters);
    },
    name: async (accessToken, userId) => {
      const answer = await get(accessToken, `/fhir/Person/${encodeURIComponent(userId)}`);
      return answer.status === 200 ? nameIn(answer.body) : unknownName;
    },
  };
}

function toRole(practitioners: SendAnswer, encounters: SendAnswer): Role {
  for (const { status } of [practitioners, encounters]) {
    if (status >= 500) throw problem("openemr_down", { detail: `role probe ${status}` });
  }
  if (practitioners.status === 200) return "administrator";
  if (isRefusedByRole(encounters)) return "front_desk";
  if (encounters.status === 401) throw problem("sign_in_failed", { detail: "scope user/encounter was not granted" });
  return "clinician";
}

/** 403; 7.0.0 says 401 with an empty body instead (facts/openemr-live.md 1, row 38). */
function isRefusedByRole({ status, body }: SendAnswer): boolean {
  return status === 403 || (status === 401 && body.trim() === "");
}

const unknownName = "Signed in";
const Person = z.object({
  name: z.array(z.object({ family: z.string().optional(), given: z.array(z.string()).optional() })).min(1),
});

function nameIn(body: string): string {
  const parsed = Person.safeParse(readJson(body));
  const first = parsed.success ? parsed.data.name[0] : undefined;
  const name = [...(first?.given ?? []), first?.family ?? ""].join(" ").trim();
  return name === "" ? unknownName : name.slice(0, 120);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
