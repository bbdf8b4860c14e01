/**
 * Opens visits whose key only the clinic server can unwrap. In: who is signed in, and that the network may be back. Out: the
 * plain keys in memory, and the visits with them. Without network it waits and tries again; asked by a person it says why not.
 */
import type { Clock } from "#model/clock.ts";
import { isVisitId } from "#model/id.ts";
import { isRetried, problem, toProblem } from "#model/problem.ts";
import type { KeyStore, LockedKey } from "#visit/journal/keys.ts";
import { createRequests, type Requests } from "#visit/outbox/requests.ts";
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
  const requests = createRequests(parts.wire, parts.clock);
  let clinicianId: string | null = null;
  let running: Promise<void> | undefined;
  let isWaiting = false;
  const now = (): Promise<void> => {
    running ??= unlockAll(parts, requests, clinicianId).finally(() => (running = undefined));
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
async function unlockAll({ keys, openVisits }: UnlockParts, requests: Requests, clinicianId: string | null) {
  const locked = await keys.locked();
  if (locked.length === 0) return;
  if (clinicianId === null) throw problem("signed_out");
  const mine = locked.filter((key) => key.clinicianId === clinicianId);
  const outcomes = await Promise.allSettled(mine.map((key) => unlockOne(keys, requests, key)));
  if (outcomes.some(({ status }) => status === "fulfilled")) await openVisits();
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed) throw failed.reason;
}

async function unlockOne(keys: UnlockParts["keys"], requests: Requests, key: LockedKey): Promise<void> {
  const { keyId, wrapped, visitId } = key;
  if (!isVisitId(visitId)) throw problem("internal_error", { detail: "visit id" });
  const plain = await requests.unwrap({
    visitId,
    keyId,
    wrapped: btoa(String.fromCodePoint(...wrapped)),
  });
  await keys.unlock(key.visitId, plain);
}
