/** Who has a calendar in OpenEMR. Only administrators may ask (facts-live 3); everybody else learns names from appointments. */
import { Envelope, PractitionerRecord } from "#protocol/openemr.ts";
import { UserId } from "#model/id.ts";
import { parse } from "./call.ts";
import type { Access, Call } from "./call.ts";

export type Practitioner = { id: UserId; name: string; providerId: string };

export type Practitioners = {
  /** Everybody with an NPI. Throws `openemr_role_missing` where the account may not list them. */
  list(access: Access): Promise<Practitioner[]>;
};

export function createPractitioners(call: Call): Practitioners {
  return {
    async list(access) {
      const { json } = await call(access, { method: "GET", path: "/api/practitioner" });
      if (json === undefined) return [];
      return parse(PractitionerRecord.array(), parse(Envelope, json).data).map((record) => ({
        id: UserId.parse(record.uuid),
        name: [record.fname, record.lname].filter((part) => part !== null).join(" "),
        providerId: record.id,
      }));
    },
  };
}
