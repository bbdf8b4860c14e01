/**
 * Looks at the days for which somebody is on the waitlist, every five minutes, so that a time that is freed in OpenEMR is offered also
 * when nobody has that day on screen. With a token of nobody where OpenEMR gives one, else in the name of somebody who is
 * signed in; else not at all. What it read is compared by the calendar's watch.
 */
import { isRefusedToNobody } from "#bff/auth/background-token.ts";
import type { BackgroundTokens } from "#bff/auth/background-token.ts";
import type { Audit } from "#bff/context.ts";
import type { Store } from "#bff/store/store.ts";
import { dateIn } from "#model/clock.ts";
import type { Clock } from "#model/clock.ts";
import { UserId } from "#model/id.ts";
import type { User } from "#model/user.ts";
import type { OpenEmr } from "#openemr/openemr.ts";
import { daysWaitedFor } from "./waitlist.ts";

export type WatchDaysParts = {
  store: Store;
  clock: Clock;
  audit: Audit;
  config: { CLINIC_TIME_ZONE: string };
  openemr: Pick<OpenEmr, "calendar">;
  background: BackgroundTokens;
  /** Somebody who is signed in, with a live token. */
  someone(): Promise<{ user: User; token: string } | undefined>;
};

/** OpenEMR is asked for so many days at once. */
const daysAtOnce = 31;

const nobody: User = { id: UserId.parse("chartside"), name: "Chartside", role: "administrator" };

/** One look. Throws what OpenEMR being away is. */
export async function watchDays(parts: WatchDaysParts): Promise<void> {
  const today = dateIn(parts.config.CLINIC_TIME_ZONE, parts.clock.now());
  const days = await daysWaitedFor(parts.store, today);
  if (days.length === 0) return;
  const own = await parts.background.tokenFor("calendar");
  if (own !== undefined && (await read(parts, days, { user: nobody, token: own }).catch(refusedToNobody)) === "done")
    return;
  if (own !== undefined) parts.background.refused("calendar");
  const someone = await parts.someone();
  if (someone !== undefined) await read(parts, days, someone);
}

function refusedToNobody(thrown: unknown): "refused" {
  if (!isRefusedToNobody(thrown)) throw thrown;
  return "refused";
}

type As = { user: User; token: string };

async function read({ store, audit, openemr }: WatchDaysParts, days: string[], { user, token }: As): Promise<"done"> {
  const entry = audit.background(user, { action: "R", object: "calendar:waitlist" });
  await store.transact({ statements: [], audit: [entry] });
  for (let at = 0; at < days.length; at += daysAtOnce) {
    await openemr.calendar.ofDates({ token }, days.slice(at, at + daysAtOnce));
  }
  return "done";
}
