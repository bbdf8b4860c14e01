/** FHIR Slots of one clinician, where the server has them: what the clinic itself says about its hours. */
import { FhirSlotBundle } from "#protocol/openemr-scheduling.ts";
import { problem } from "#model/problem.ts";
import type { Span } from "./booking-rules.ts";
import { parse } from "./call.ts";
import type { Access, Call } from "./call.ts";
import { wallTimeOf } from "./wall-clock.ts";

/** Clinic wall clock. `busy`: an appointment stands there; the time belongs to the clinic's hours all the same. */
export type Slot = Span & { date: string; status: "free" | "busy" };

export type Slots = {
  of(access: Access, wanted: { clinicianId: string; days: { from: string; to: string } }): Promise<Slot[]>;
};

const mostPages = 20;

export function createSlots(call: Call, timeZone: string): Slots {
  return {
    async of(access, { clinicianId, days }) {
      let query: [string, string][] | undefined = [
        ["schedule.actor", `Practitioner/${clinicianId}`],
        ["start", `ge${days.from}`],
        ["start", `le${days.to}`],
      ];
      const slots: Slot[] = [];
      for (let page = 0; query !== undefined; page += 1) {
        if (page === mostPages) throw problem("openemr_answer_unreadable", { detail: "slots without an end" });
        const { json } = await call(access, { method: "GET", path: "/fhir/Slot", query });
        const bundle = parse(FhirSlotBundle, json);
        slots.push(...(bundle.entry ?? []).flatMap(({ resource }) => toSlot(resource, timeZone)));
        query = nextOf(bundle.link ?? []);
      }
      return slots;
    },
  };
}

/** Only the query of a link is followed: its address may be another name of the server. */
function nextOf(links: readonly { relation: string; url: string }[]): [string, string][] | undefined {
  const next = links.find(({ relation }) => relation === "next");
  if (next === undefined || !URL.canParse(next.url)) return undefined;
  return [...new URL(next.url).searchParams];
}

/** Nothing of a slot that is blocked, that cannot be read or that lies across midnight. */
function toSlot({ status, start, end }: { status: string; start: string; end: string }, timeZone: string): Slot[] {
  if (status !== "free" && status !== "busy") return [];
  const [from, to] = [wallTimeOf(start, timeZone), wallTimeOf(end, timeZone)];
  if (from === undefined || to === undefined) return [];
  const isMidnight = to.date > from.date && to.minute === 0;
  if (to.date !== from.date && !isMidnight) return [];
  return [{ date: from.date, from: from.minute, to: isMidnight ? 24 * 60 : to.minute, status }];
}
