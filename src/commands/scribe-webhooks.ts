/**
 * `npm run scribe:webhooks`: registers CHARTSIDE_WEBHOOK_URL anew at every service of the settings, signed from now on with the
 * first of its secrets. To change a secret: put the new one in front of the old one and restart the clinic server, run this, and
 * take the old one away a day later. Ends with 1 when a service did not take it.
 */
import { readConfig } from "#bff/config.ts";
import { createUpstreams } from "#bff/upstream/upstreams.ts";
import { targetsOf } from "#bff/visits/keep-registered.ts";
import { systemClock } from "#model/clock.ts";
import { toProblem } from "#model/problem.ts";

export async function main(): Promise<number> {
  const config = readConfig(process.env);
  const targets = targetsOf(config);
  if (targets.length === 0) {
    say(
      "Nothing to register: CHARTSIDE_WEBHOOK_URL and a secret (SCRIBE_WEBHOOK_SECRET or webhookSecrets) are needed.",
    );
    return 2;
  }
  const upstreams = createUpstreams(config, systemClock);
  const failures: string[] = [];
  for (const [name, target] of targets) {
    try {
      await upstreams.scribes.of(name).notifyAt?.(target);
      say(`yes  ${name}`);
    } catch (thrown) {
      const { code, detail = "" } = toProblem(thrown);
      failures.push(name);
      say(`NO   ${name}  ${code} ${detail}`);
    }
  }
  await upstreams.close();
  return failures.length === 0 ? 0 : 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
