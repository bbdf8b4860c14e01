/**
 * Opens visits whose key only the clinic server can unwrap. In: who is signed in, and that the network may be back. Out: the
 * plain keys in memory, and the visits with them. Without network it waits and tries again; asked by a person it says why not.
 * It is loaded when something is locked: what is recorded in this worker never is.
 */
import type { LockedVisit } from "#app/vault-port.ts";
import type { Clock } from "#model/clock.ts";
import type { VisitId } from "#model/id.ts";
import { isRetried, problem, type ProblemCode, toProblem } from "#model/problem.ts";
import type { KeyStore, LockedKey } from "#visit/journal/keys.ts";
import type { Wire } from "#visit/outbox/wire.ts";
import { unlockOne } from "./unlock-one.ts";

export type UnlockParts = {
  keys: Pick<KeyStore, "locked" | "unlock">;
  wire: Wire;
  clock: Clock;
  wait(ms: number, wake: AbortSignal): Promise<void>;
  /** Opens what can be opened by now. */
  openVisits(): Promise<void>;
  /** Something else is to be said about what is locked. */
  onChange(): void;
  until: AbortSignal;
};

export type Unlocking = {
  signedIn(clinicianId: string | null): void;
  networkIsBack(): void;
  /** Rejects with `signed_out`, `offline`, ...: what is locked then stays so. */
  now(): Promise<void>;
  /** Whose these are, and whether the clinic server has refused to open them. */
  describe(locked: readonly { visitId: VisitId; bytesOnDevice: number }[]): Promise<LockedVisit[]>;
};

const againAfterMs = 15_000;

export function createUnlocking(parts: UnlockParts): Unlocking {
  const attempt = createAttempts(parts);
  let clinicianId: string | null = null;
  let running: Promise<void> | undefined;
  let isWaiting = false;
  const now = (): Promise<void> => {
    running ??= unlockAll(parts, clinicianId, attempt.open).finally(() => (running = undefined));
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
    describe: async (locked) => {
      const owners = new Map((await parts.keys.locked()).map((key) => [key.visitId, key.clinicianId]));
      return locked.map((visit) => {
        const { visitId } = visit;
        return { ...visit, clinicianId: owners.get(visitId) ?? "", isRefused: attempt.isRefused(visitId) };
      });
    },
  };
}

/** Remembers which of them the clinic server has refused to open. */
function createAttempts(parts: UnlockParts) {
  const refused = new Set<string>();
  return {
    isRefused: (visitId: string) => refused.has(visitId),
    open: async (key: LockedKey): Promise<void> => {
      try {
        await unlockOne(parts, key);
      } catch (thrown) {
        const isNew = isRefusal(toProblem(thrown).code) && !refused.has(key.visitId);
        if (isNew) refused.add(key.visitId);
        if (isNew) parts.onChange();
        throw thrown;
      }
    },
  };
}

/** It knows no such key pair, or these bytes were not wrapped for this clinician. */
function isRefusal(code: ProblemCode): boolean {
  return code === "not_found" || code === "forbidden" || code === "not_owner";
}

/** One that is refused keeps no other from being opened. */
async function unlockAll(
  { keys, openVisits }: UnlockParts,
  clinicianId: string | null,
  open: (key: LockedKey) => Promise<void>,
): Promise<void> {
  const locked = await keys.locked();
  if (locked.length === 0) return;
  if (clinicianId === null) throw problem("signed_out");
  const mine = locked.filter((key) => key.clinicianId === clinicianId);
  const outcomes = await Promise.allSettled(mine.map(open));
  if (outcomes.some(({ status }) => status === "fulfilled")) await openVisits();
  const failures = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason as unknown] : []));
  // One that waiting may mend is tried again, whatever was refused beside it.
  const failed = failures.find((thrown) => isRetried(toProblem(thrown).code)) ?? failures[0];
  if (failed !== undefined) throw failed;
}
