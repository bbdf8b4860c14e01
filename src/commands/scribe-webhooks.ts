/**
 * `npm run scribe:webhooks`: makes CHARTSIDE_WEBHOOK_URL known anew to every service of the settings, signed from now on with the
 * first of its secrets. To change a secret: put the new one in front of the old one and restart the clinic server, run this, and
 * take the old one away a day later. Ends with 1 when a service did not take it, with 2 when the settings are not enough.
 */
import { type Config, readConfig } from "#bff/config.ts";
import { scribeServicesOf } from "#bff/scribe-services.ts";
import { createUpstreams, type Upstreams } from "#bff/upstream/upstreams.ts";
import { targetsOf } from "#bff/visits/keep-registered.ts";
import { systemClock } from "#model/clock.ts";
import { type Problem, toProblem } from "#model/problem.ts";
import type { Notified, NotifyTarget } from "#scribe/scribe.ts";

export async function main(): Promise<number> {
  const config = settings();
  if (typeof config === "string") return refuse(config);
  if (config.CHARTSIDE_WEBHOOK_URL === undefined) {
    return refuse(
      "CHARTSIDE_WEBHOOK_URL is not set: the app's address as the services reach it, with /webhooks/scribe.",
    );
  }
  const targets = new Map(targetsOf(config));
  const upstreams = createUpstreams(config, systemClock);
  let isGood = true;
  for (const { name } of scribeServicesOf(config)) {
    const { verdict, told } = await registered(upstreams, name, targets.get(name));
    if (verdict === "NO") isGood = false;
    process.stdout.write(`${verdict.padEnd(4)} ${name}: ${told}\n`);
  }
  await upstreams.close();
  return isGood ? 0 : 1;
}

/** Why they cannot be read, in words that name the setting. */
function settings(): Config | string {
  try {
    return readConfig(process.env);
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : "the settings cannot be read";
  }
}

function refuse(why: string): number {
  process.stderr.write(`${why}\n`);
  return 2;
}

type Line = { verdict: "yes" | "NO" | "-"; told: string };

async function registered(upstreams: Upstreams, name: string, target: NotifyTarget | undefined): Promise<Line> {
  if (target === undefined) {
    return { verdict: "NO", told: "no secret is set: SCRIBE_WEBHOOK_SECRET, or its own webhookSecrets" };
  }
  try {
    return lines[(await upstreams.scribes.of(name).notifyAt?.(target)) ?? "polled"];
  } catch (thrown) {
    return { verdict: "NO", told: refusalWords(toProblem(thrown)) };
  }
}

const lines: Record<Notified, Line> = {
  registered: { verdict: "yes", told: "registered, signed with the first secret from now on" },
  with_each_job: {
    verdict: "yes",
    told: "keeps no address: it is told with each job. Its secret is agreed with whoever runs it",
  },
  polled: { verdict: "-", told: "has no webhooks: its jobs are polled" },
};

/** The detail of a refusal is the status, the service's code and the field that it names. */
function refusalWords({ code, detail = "" }: Problem): string {
  const [, status, reason = "", field] = /^(\d{3})(?: (\S+))?(?: (\S+))?$/u.exec(detail) ?? [];
  if (status !== undefined) return `${answerWords(status, field)} (${`${status} ${reason}`.trim()})`;
  return code === "scribe_down" || code === "timed_out" ? "it does not answer" : `${code} ${detail}`.trim();
}

function answerWords(status: string, field: string | undefined): string {
  if (status === "401" || status === "403") return "it does not take our key";
  return field === undefined ? "it refuses" : `it refuses the field "${field}"`;
}
