/**
 * Opens visits whose key only the clinic server can unwrap. In: who is signed in, and that the network may be back. Out: the
 * plain keys in memory, and the visits with them. Without network it waits and tries again; asked by a person it says why not.
 */
import type { Clock } from "#model/clock.ts";
import { isRetried, problem, toProblem } from "#model/problem.ts";
import type { KeyStore } from "#visit/journal/keys.ts";
import type { Wire } from "#visit/outbox/wire.ts";

export type UnlockParts = {
  keys: Pick<KeyStore, "locked" | "unlock">;
  wire: Wire;
  clock: Clock;
  wait(ms: number, wake: AbortSignal): Promise<void>;
  /** Opens what can be opened by now. */
  openVisits(): Promise<void>;
  until: AbortSignal;
};

export type Unlocking = {
  signedIn(clinicianId: string | null): void;
  networkIsBack(): void;
  /** Rejects with `signed_out`, `offline`, ...: what is locked then stays so. */
  now(): Promise<void>;
};

const againAfterMs = 15_000;

export function createUnlocking(parts: UnlockParts): Unlocking {
  let clinicianId: string | null = null;
  let running: Promise<void> | undefined;
  let isWaiting = false;
  const now = (): Promise<void> => {
    running ??= unlockAll(parts, clinicianId).finally(() => (running = undefined));
    return running;
  };
  const tryOn = (): void =>
    void now().catch(async (thrown: unknown) => {
      if (isWaiting || parts.until.aborted || !isRetried(toProblem(thrown).code)) return;
      isWaiting = true;
      await parts.wait(againAfterMs, parts.until);
      isWaiting = false;
      tryOn();
    });
  return {
    signedIn(id) {
      clinicianId = id;
      if (id !== null) tryOn();
    },
    networkIsBack: tryOn,
    now,
  };
}

/** One that is refused keeps no other from being opened. */
async function unlockAll(parts: UnlockParts, clinicianId: string | null) {
  const { keys, openVisits } = parts;
  const locked = await keys.locked();
  if (locked.length === 0) return;
  if (clinicianId === null) throw problem("signed_out");
  const mine = locked.filter((key) => key.clinicianId === clinicianId);
  const { unlockOne } = await import("./unlock-one.ts"); // not needed where devices hold their own keys
  const outcomes = await Promise.allSettled(mine.map((key) => unlockOne(parts, key)));
  if (outcomes.some(({ status }) => status === "fulfilled")) await openVisits();
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed) throw failed.reason;
}
