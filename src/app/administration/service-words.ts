/** A scribe service in words: how it is, what it takes, what went wrong. */
import type { ServiceReport, ServiceReports, ServiceView } from "#protocol/bff-services.ts";
import { agoWords } from "#app/words.ts";
import type { Tone } from "#ui/status-chip.tsx";

type Health = { tone: Tone; words: string };

export function healthOf({ state, breaker }: Pick<ServiceView, "state" | "breaker">): Health {
  if (state === "down") return { tone: "danger", words: "Not answering" };
  if (breaker === "open") return { tone: "warn", words: "Resting after failures" };
  return breaker === "half_open" ? { tone: "warn", words: "Being tried again" } : { tone: "good", words: "Answers" };
}

const breakerWords: Record<ServiceView["breaker"], string> = {
  closed: "Closed: asked as usual",
  half_open: "Half open: one call tries it",
  open: "Open: not asked until it answers",
};

export function breakerOf({ breaker }: Pick<ServiceView, "breaker">): string {
  return breakerWords[breaker];
}

const takes = { chunks: "Pieces while the visit goes on", whole_file: "The whole recording at the end" };

export function takesOf({ wants }: Pick<ServiceView, "wants">): string {
  return wants === null ? "Not told" : takes[wants];
}

/** Seconds as people say them. */
export function limitOf(seconds: number | null): string {
  if (seconds === null) return "No limit told";
  if (seconds < 120) return `${Math.round(seconds * 10) / 10} s`;
  return `${Math.round(seconds / 60)} min`;
}

export function listOf(names: readonly string[]): string {
  return names.length === 0 ? "Not told" : names.join(", ");
}

export function yesOrNo(value: boolean | null): string {
  return value === null ? "Not told" : value ? "Yes" : "No";
}

/** The order of failover as one sentence. */
export function failoverOf({ failoverAfterSeconds: seconds, services }: ServiceReports): string {
  if (services.length < 2)
    return "There is one service. With a second one, visits can be sent there when the first is down.";
  const start = "A new visit goes to the first service that answers.";
  if (seconds === null)
    return `${start} A visit leaves a service that is down when its clinician sends it to another one.`;
  return `${start} A visit leaves a service by itself after ${limitOf(seconds)} without an answer.`;
}

export function answeredOf({ lastAnswerAt, downSince }: ServiceReport, nowMs: number): string {
  if (downSince !== null) return `First failure ${agoWords(nowMs - Date.parse(downSince))}, no answer since`;
  return lastAnswerAt === null ? "Not asked yet" : `Last answer ${agoWords(nowMs - Date.parse(lastAnswerAt))}`;
}

export const doingWords: Record<ServiceReport["failures"][number]["doing"], string> = {
  discover: "Asking what it can do",
  open: "Beginning a visit",
  send: "Sending audio",
  finish: "Ending a visit",
  read: "Asking for a note",
  cancel: "Calling off a visit",
  register: "Registering notifications",
};
