/** Parts that many resources share. */
import { currentOffset } from "#sandbox/openemr/site.ts";
import type { Site } from "#sandbox/openemr/site.ts";

/** A wall-clock time of the database with the server's offset of today behind it, wrong for half of the year. */
export function withOffset(site: Site, wallClock: string): string {
  return `${wallClock.replace(" ", "T")}${currentOffset(site)}`;
}

export function metaOf(site: Site, updated: string): Record<string, unknown> {
  return { versionId: "1", lastUpdated: withOffset(site, updated) };
}

export function narrative(name: string): Record<string, string> {
  const text = name.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return { status: "generated", div: `<div xmlns="http://www.w3.org/1999/xhtml"> <p>${text}</p></div>` };
}

export function coded(system: string, code: string, display: string): Record<string, unknown> {
  return { coding: [{ system, code, display }] };
}

const participation = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";

/** What somebody or something has to do with an appointment or an encounter. */
export function participationType(code: "PART" | "PPRF" | "LOC"): Record<string, unknown> {
  const display = { PART: "Participant", PPRF: "Primary Performer", LOC: "Location" }[code];
  return coded(participation, code, display);
}

export function reference(type: string, uuid: string): { reference: string; type: string } {
  return { reference: `${type}/${uuid}`, type };
}
