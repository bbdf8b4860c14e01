/**
 * Tells the services at start where to announce ended jobs. It is a hint that shortens waiting: while it does not succeed it is
 * tried again every minute, and the poller does the work alone.
 */
import type { Log } from "#bff/context.ts";
import type { Config } from "#bff/config.ts";
import { scribeServicesOf, webhookSecretsOf } from "#bff/scribe-services.ts";
import type { Scribes } from "#bff/scribes/scribes.ts";
import { toProblem } from "#model/problem.ts";
import type { NotifyTarget } from "#scribe/scribe.ts";
import type { Schedule } from "./schedule.ts";

export type RegistrationParts = { config: Config; scribes: Scribes; schedule: Schedule; log: Log };

const tryAgainMs = 60_000;

/** Does nothing without an address and a secret. CHARTSIDE_WEBHOOK_URL is the whole address, path included. */
export function keepRegistered(parts: RegistrationParts): { stop(): void; settled(): Promise<void> } {
  const kept = targetsOf(parts.config).map(([name, target]) => keepOne(parts, name, target));
  return {
    stop: () => kept.forEach(({ stop }) => stop()),
    settled: async () => {
      await Promise.all(kept.map(({ settled }) => settled()));
    },
  };
}

/** Where each service should call, by its configured name. New registrations are signed with the first of its secrets. */
export function targetsOf(config: Config): [name: string, target: NotifyTarget][] {
  const url = config.CHARTSIDE_WEBHOOK_URL;
  if (url === undefined) return [];
  return scribeServicesOf(config).flatMap((service) => {
    const [secret] = webhookSecretsOf(config, service);
    return secret === undefined ? [] : [[service.name, { url, secret }]];
  });
}

function keepOne(parts: RegistrationParts, name: string, target: NotifyTarget) {
  let cancel = (): void => {};
  let running = Promise.resolve();
  const attempt = async (): Promise<void> => {
    try {
      await parts.scribes.of(name).notifyAt?.(target);
    } catch (thrown) {
      parts.log.warn({ service: name, code: toProblem(thrown).code }, "the scribe did not take our webhook address");
      cancel = parts.schedule.after(tryAgainMs, begin);
    }
  };
  const begin = (): void => {
    running = attempt();
  };
  begin();
  return { stop: () => cancel(), settled: () => running };
}
