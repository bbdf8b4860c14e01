/** What a running server does by the clock: ends sessions, keeps streams open, drops old events, tells the audit's head. */
import { verifyAudit } from "./audit.ts";
import { errorFields } from "./log.ts";
import { watchDays } from "./openemr/watch-days.ts";
import { keepRegistered } from "./visits/keep-registered.ts";
import { systemSchedule } from "./visits/schedule.ts";
import type { ServerParts } from "./wire-up.ts";

const beatMs = 20_000;
const sweepMs = 60_000;
const hourMs = 60 * 60_000;
const lookMs = 5 * 60_000;

/** Begins with what the last run left; resolves when streams may open. Returns how to stop. */
export async function startUpkeep(parts: ServerParts): Promise<() => void> {
  const { auth, codes, events, jobs, log, store } = parts;
  const tellHead = async (): Promise<void> => {
    const { intact, head } = await verifyAudit(store);
    // The log leaves this machine; with it, rows cut off the end of the trail show.
    if (intact) log.info({ ...head }, "audit head");
    else log.error({ ...head }, "the audit trail is broken after this row");
  };
  await events.begin();
  await auth.sweep();
  await jobs.resume();
  await codes.resume();
  const registration = keepRegistered({ ...parts, schedule: systemSchedule });
  const every = (ms: number, work: () => Promise<void>): NodeJS.Timeout =>
    setInterval(() => {
      work().catch((thrown: unknown) => log.error(errorFields(thrown), "upkeep failed"));
    }, ms).unref();
  const timers = [
    every(beatMs, () => events.beat()),
    every(sweepMs, () => auth.sweep()),
    every(lookMs, () =>
      watchDays({ ...parts, openemr: parts.upstreams.openemrInBackground, someone: () => auth.someone() }),
    ),
    every(hourMs, () => events.prune()),
    every(hourMs, tellHead),
  ];
  return () => {
    registration.stop();
    timers.forEach((timer) => clearInterval(timer));
  };
}
