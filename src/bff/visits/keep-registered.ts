/**
 * Tells the scribe at start where to announce ended jobs. It is a hint that shortens waiting: while it does not succeed it is
 * tried again every minute, and the poller does the work alone.
 */
import type { Log } from "#bff/context.ts";
import type { Config } from "#bff/config.ts";
import { toProblem } from "#model/problem.ts";
import type { Scribe } from "#scribe/scribe.ts";
import type { Schedule } from "./schedule.ts";

export type RegistrationParts = {
  config: Pick<Config, "SCRIBE_WEBHOOK_SECRET" | "CHARTSIDE_WEBHOOK_URL">;
  scribe: Scribe;
  schedule: Schedule;
  log: Log;
};

const tryAgainMs = 60_000;

/** Does nothing without both settings. CHARTSIDE_WEBHOOK_URL is the whole address, path included. */
export function keepRegistered(parts: RegistrationParts): { stop(): void; settled(): Promise<void> } {
  const { SCRIBE_WEBHOOK_SECRET: secret, CHARTSIDE_WEBHOOK_URL: url } = parts.config;
  const notifyAt = parts.scribe.notifyAt;
  if (secret === undefined || url === undefined || notifyAt === undefined) {
    return { stop: () => {}, settled: () => Promise.resolve() };
  }
  let cancel = (): void => {};
  let running = Promise.resolve();
  const attempt = async (): Promise<void> => {
    try {
      await notifyAt({ url, secret });
    } catch (thrown) {
      parts.log.warn({ code: toProblem(thrown).code }, "the scribe did not take our webhook address");
      cancel = parts.schedule.after(tryAgainMs, begin);
    }
  };
  const begin = (): void => {
    running = attempt();
  };
  begin();
  return { stop: () => cancel(), settled: () => running };
}
