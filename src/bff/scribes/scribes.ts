/**
 * The clinic's scribe services. In: one adapter for each, in order of preference. Out: which one takes a new visit, each with
 * what went wrong with it lately, and, where that is wanted, which one takes over. What went wrong outlives a restart, the
 * breakers begin closed; nothing of it is about a patient.
 */
import type { BreakerState } from "#bff/upstream/breaker.ts";
import { isOutage } from "#bff/upstream/breaker.ts";
import type { Clock } from "#model/clock.ts";
import { toProblem } from "#model/problem.ts";
import type { Scribe } from "#scribe/scribe.ts";
import type { Doing } from "./watched-scribe.ts";
import type { KeptHealth, ScribeHealthKept } from "./kept-health.ts";
import { noScribe } from "./no-scribe.ts";
import { watchedScribe } from "./watched-scribe.ts";

/** `name` is the configured one: by it visits and jobs know their service. */
export type ScribeLine = { name: string; scribe: Scribe; breaker(): BreakerState };

export type ScribeHealth = ScribeHealthKept & { breaker: BreakerState };

export type Scribes = {
  /** In order of preference, at least one. */
  names: readonly string[];
  has(name: string): boolean;
  /** A service that is no longer configured refuses every call. */
  of(name: string): Scribe;
  health(name: string): ScribeHealth;
  /** For a new visit: the first whose breaker is closed, else the first. */
  choose(): string;
  /** Where the work of a service goes that has been down for too long; undefined: nowhere, or only by hand. */
  substituteOf(name: string): string | undefined;
};

export type ScribesOptions = {
  clock: Clock;
  /** After this long without an answer the work goes elsewhere by itself; null: only by hand. */
  failoverAfterMs: number | null;
  /** What the last run knew, and where this one tells that something failed or is back. */
  health?: Pick<KeptHealth, "remembered" | "changed">;
};

export function createScribes(
  [first, ...others]: readonly [ScribeLine, ...ScribeLine[]],
  options: ScribesOptions,
): Scribes {
  const lines = [first, ...others];
  const desks = new Map(lines.map((line) => [line.name, createDesk(line, options)]));
  const nobody = createDesk({ name: "", scribe: noScribe, breaker: () => "closed" }, { clock: options.clock });
  const deskOf = (name: string): Desk => desks.get(name) ?? nobody;
  const healthOf = (name: string): ScribeHealth => deskOf(name).health();
  const isClosed = ({ name }: ScribeLine): boolean => healthOf(name).breaker === "closed";
  /** Whoever is passed over is asked whether it is back; its breaker decides whether the question is really put. */
  const firstClosed = (among: readonly ScribeLine[]): ScribeLine | undefined => {
    const found = among.findIndex(isClosed);
    for (const { name } of among.slice(0, found < 0 ? among.length : found)) void lookAgain(deskOf(name).scribe);
    return among[found];
  };
  return {
    names: lines.map(({ name }) => name),
    has: (name) => desks.has(name),
    of: (name) => deskOf(name).scribe,
    health: healthOf,
    choose: () => (firstClosed(lines) ?? first).name,
    substituteOf: (name) => {
      const { downSince, breaker } = healthOf(name);
      if (options.failoverAfterMs === null || downSince === null || breaker === "closed") return undefined;
      if (options.clock.now() - downSince < options.failoverAfterMs) return undefined;
      return firstClosed(lines.filter((line) => line.name !== name))?.name;
    },
  };
}

async function lookAgain(scribe: Scribe): Promise<void> {
  await scribe.abilities({ fresh: true }).catch(() => undefined);
}

type Desk = { scribe: Scribe; health(): ScribeHealth };

const mostFailures = 20;

function createDesk(
  { name, scribe, breaker }: ScribeLine,
  { clock, health: kept }: Pick<ScribesOptions, "clock" | "health">,
): Desk {
  const before = kept?.remembered.get(name);
  const failures = [...(before?.failures ?? [])];
  let downSince = before?.downSince ?? null;
  let lastAnswerAt = before?.lastAnswerAt ?? null;
  const now = (): ScribeHealthKept => ({ downSince, lastAnswerAt, failures: [...failures] });
  const answered = (): void => {
    const isBack = downSince !== null;
    downSince = null;
    lastAnswerAt = clock.now();
    if (isBack) kept?.changed(name, now());
  };
  const failed = (doing: Doing, thrown: unknown): void => {
    const told = toProblem(thrown);
    failures.unshift({ at: clock.now(), doing, told });
    failures.splice(mostFailures);
    if (isOutage(thrown)) downSince ??= clock.now();
    else if (told.code !== "internal_error") answered();
    kept?.changed(name, now());
  };
  return { scribe: watchedScribe(scribe, { answered, failed }), health: () => ({ breaker: breaker(), ...now() }) };
}
