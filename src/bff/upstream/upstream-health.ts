/** Are OpenEMR and a scribe service answering? Asked at most every five seconds, however many pages want to know. */
import { setTimeout as waitMs } from "node:timers/promises";
import { maxChunkMs } from "#model/chunk.ts";
import type { Clock } from "#model/clock.ts";
import type { Send as OpenEmrSend } from "#openemr/send.ts";
import type { Scribes } from "#bff/scribes/scribes.ts";
import type { Bootstrap } from "#protocol/bff.ts";
import { issuerOf } from "#bff/auth/openid.ts";
import type { Config } from "#bff/config.ts";

export type Health = Bootstrap["upstreams"];

/** `last`: what the last look saw is enough, where there was one; the next asker hears what this look sees. */
export type AskHealth = (enough?: "last") => Promise<Health>;

export type HealthParts = {
  config: Config;
  clock: Clock;
  openemr: OpenEmrSend;
  scribes: Pick<Scribes, "names" | "of">;
};

const cachedMs = 5000;
const deadlineMs = 2000;

/** Never throws: whoever does not answer in two seconds is down. */
export function createUpstreamHealth({ config, clock, openemr, scribes }: HealthParts): AskHealth {
  const get = (url: string) => ({ method: "GET" as const, url, headers: { accept: "application/json" }, deadlineMs });
  const look = async (): Promise<Health> => {
    const [chart, writer] = await Promise.all([
      stateOf(openemr(get(`${issuerOf(config)}/.well-known/openid-configuration`))),
      scribeState(scribes),
    ]);
    return { openemr: chart, scribe: writer };
  };
  let last: { at: number; answer: Promise<Health> } | undefined;
  let seen: Health | undefined;
  return async (enough) => {
    const now = clock.now();
    if (last === undefined || now - last.at >= cachedMs) {
      last = { at: now, answer: look() };
      void last.answer.then((health) => (seen = health));
    }
    return enough === "last" && seen !== undefined ? seen : last.answer;
  };
}

function stateOf(answer: Promise<{ status: number }>): Promise<"up" | "down"> {
  return answer.then(
    ({ status }) => (status === 200 ? "up" : "down"),
    () => "down",
  );
}

/** What the service of the next visit takes, as far as is known by now; a service that is away is not waited for. */
export async function longestChunkMs(scribes: Pick<Scribes, "choose" | "of">): Promise<number> {
  const asked = scribes.of(scribes.choose()).abilities();
  const known = await Promise.race([asked, waitMs(500, undefined, { ref: false })]).catch(() => undefined);
  return Math.min(maxChunkMs, known?.maxChunkMs ?? maxChunkMs);
}

/** Does one of them answer? In whatever protocol; what it tries again meanwhile does not hold up the answer. */
function scribeState({ names, of }: HealthParts["scribes"]): Promise<"up" | "down"> {
  const answer = Promise.any(names.map((name) => of(name).abilities({ fresh: true }))).then(
    () => "up" as const,
    () => "down" as const,
  );
  return Promise.race([answer, waitMs(deadlineMs, "down" as const, { ref: false })]);
}
