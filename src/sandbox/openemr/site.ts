/** One running OpenEMR: its chart, its clock in the clinic's zone, its address and its signing key. */
import { createHash } from "node:crypto";
import { dateIn } from "#model/clock.ts";
import type { Clock } from "#model/clock.ts";
import type { Chart } from "./chart.ts";
import type { SigningKey } from "./oauth/signing-key.ts";
import type { Profile } from "./profiles/profile.ts";

export type Facility = { id: number; uuid: string; locationUuid: string; name: string; phone: string };

export type Site = {
  /** Which OpenEMR this one behaves like. */
  profile: Profile;
  chart: Chart;
  clock: Clock;
  timeZone: string;
  facility: Facility;
  key: SigningKey;
  /** `http://127.0.0.1:8300`, known once it listens. */
  origin: string;
  /** Shown on the sign-in page of a demo. */
  demoAccounts: readonly { username: string; password: string; name: string }[];
};

/** The clinic's date, `YYYY-MM-DD`. */
export function today(site: Site): string {
  return dateIn(site.timeZone, site.clock.now());
}

/** The clinic's wall clock as OpenEMR's database holds it: `YYYY-MM-DD HH:MM:SS`. */
export function now(site: Site): string {
  return wallClock(site.timeZone, site.clock.now());
}

export function wallClock(timeZone: string, instantMs: number): string {
  const time = new Intl.DateTimeFormat("en-GB", { timeZone, timeStyle: "medium", hourCycle: "h23" }).format(instantMs);
  return `${dateIn(timeZone, instantMs)} ${time}`;
}

/** The zone's offset at this moment, `-05:00`. OpenEMR writes it behind every time, of other seasons too. */
export function currentOffset({ timeZone, clock }: Site): string {
  return offsetAt(timeZone, clock.now());
}

export function offsetAt(timeZone: string, instantMs: number): string {
  const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  const name = format.formatToParts(instantMs).find((part) => part.type === "timeZoneName")?.value ?? "GMT";
  return name === "GMT" ? "+00:00" : name.slice(3);
}

/** A uuid that is always the same for the same text: OpenEMR keeps its own for things that have no row here. */
export function uuidFor(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-9${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export function isUuid(text: string): boolean {
  return /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/iu.test(text);
}
