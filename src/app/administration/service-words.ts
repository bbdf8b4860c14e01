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

export type ServiceFacts = { told: { label: string; value: string }[]; untold: string[] };

/** What the service says about itself, and, by name alone, what it says nothing of. */
export function factsOf(service: ServiceView): ServiceFacts {
  const { wants, maxChunkSeconds, maxSessionSeconds, audioFormats, webhooks, templates } = service;
  const facts: [label: string, value: string | null][] = [
    ["Takes", wants && takes[wants]],
    ["Longest piece of audio", maxChunkSeconds === null ? null : limitOf(maxChunkSeconds)],
    ["Longest session", maxSessionSeconds === null ? null : limitOf(maxSessionSeconds)],
    ["Audio formats", audioFormats.join(", ") || null],
    ["Notifies", webhooks === null ? null : webhooks ? "Yes" : "No, it is asked"],
    ["Model", service.model],
    ["Templates", templates.join(", ") || null],
    ["Speech engine", service.speechEngine],
    ["Note writer", service.noteWriter],
  ];
  return {
    told: facts.flatMap(([label, value]) => (value === null ? [] : [{ label, value }])),
    untold: facts.flatMap(([label, value]) => (value === null ? [label.toLowerCase()] : [])),
  };
}

/** Seconds as people say them. */
export function limitOf(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds * 10) / 10} s`;
  return `${Math.round(seconds / 60)} min`;
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

type Failure = ServiceReport["failures"][number];

/** `since` is when the first of them was, `at` when the last. */
export type SameFailures = Failure & { count: number; since: string };

/** Failures of the same kind one after the other are one line; newest first. */
export function groupedFailures(failures: readonly Failure[]): SameFailures[] {
  const groups: SameFailures[] = [];
  for (const failure of failures) {
    const last = groups.at(-1);
    const isSame = last?.doing === failure.doing && last.code === failure.code && last.detail === failure.detail;
    if (isSame) Object.assign(last, { count: last.count + 1, since: failure.at });
    else groups.push({ ...failure, count: 1, since: failure.at });
  }
  return groups;
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
