/**
 * OpenEMR's tokens of a session, sealed in its row. In: a session's id hash. Out: an access token good for some minutes more.
 * Refreshing happens once at a time: in this program by sharing the promise, between programs by a lease in the row, because
 * OpenEMR rotates the refresh token and the old pair stops working (facts/openemr-live.md 1, row 3).
 */
import { setTimeout as waitMs } from "node:timers/promises";
import { z } from "zod";
import { GuardError, type Store } from "#bff/store/store.ts";
import type { Clock } from "#model/clock.ts";
import { problem, toProblem } from "#model/problem.ts";
import type { OpenId } from "./openid.ts";
import type { Seal } from "./seal.ts";
import { sessionEntry } from "./session-end.ts";
import type { Session, Sessions } from "./sessions.ts";
import type { Successors } from "./successors.ts";

const Grant = z.object({
  accessToken: z.string(),
  refreshToken: z.string().nullable(),
  idToken: z.string(),
  scope: z.string(),
});
export type Grant = z.infer<typeof Grant>;

export type GrantParts = {
  store: Store;
  clock: Clock;
  sessions: Pick<Sessions, "find">;
  seal: Seal;
  openId: Pick<OpenId, "refresh">;
  successors: Pick<Successors, "replacing">;
  wait?: (ms: number) => Promise<unknown>;
};

export type Grants = {
  sealed(grant: Grant, idHash: string): Uint8Array;
  open(session: Session): Grant;
  /** Throws `signed_out` when the session is gone or OpenEMR no longer takes its token; `openemr_down`, `timed_out`. */
  accessToken(idHash: string): Promise<string>;
};

const refreshAheadMs = 5 * 60_000;
const leaseMs = 15_000;
const lookAgainMs = 200;
const mostLooks = 100;

export function createGrants(parts: GrantParts): Grants {
  const running = new Map<string, Promise<string>>();
  const refreshOnce = (session: Session): Promise<string> => {
    const known = running.get(session.idHash);
    if (known) return known;
    const mine = refresh(parts, session).finally(() => running.delete(session.idHash));
    running.set(session.idHash, mine);
    parts.successors.replacing(open(parts.seal, session).accessToken, mine);
    return mine;
  };
  return {
    sealed: (grant, idHash) => parts.seal.seal(JSON.stringify(grant), idHash),
    open: (session) => open(parts.seal, session),
    accessToken: async (idHash) => {
      const session = await findOrSignedOut(parts, idHash);
      if (session.accessExpiresAt - parts.clock.now() > refreshAheadMs) return open(parts.seal, session).accessToken;
      return refreshOnce(session);
    },
  };
}

/** A grant sealed with a key that is gone is lost: its user signs in again. */
function open(seal: Seal, session: Session): Grant {
  try {
    return Grant.parse(JSON.parse(seal.open(session.sealedGrant, session.idHash)));
  } catch {
    throw problem("signed_out", { detail: "the grant does not open" });
  }
}

async function findOrSignedOut({ sessions }: GrantParts, idHash: string): Promise<Session> {
  const session = await sessions.find(idHash);
  if (session === undefined) throw problem("signed_out");
  return session;
}

async function refresh(parts: GrantParts, session: Session): Promise<string> {
  return (await takeLease(parts, session)) ? refreshLeased(parts, session) : refreshedElsewhere(parts, session);
}

async function refreshLeased(parts: GrantParts, session: Session): Promise<string> {
  const { refreshToken, ...grant } = open(parts.seal, session);
  if (refreshToken === null) return stillGood(parts, session) ?? endGrant(parts, session);
  try {
    const fresh = await parts.openId.refresh({ refreshToken, scope: grant.scope });
    // The first id_token is kept: its nonce is the one that OpenEMR's logout asks for.
    const next = { ...grant, accessToken: fresh.accessToken, refreshToken: fresh.refreshToken ?? refreshToken };
    await keep(parts, session, { grant: next, accessExpiresAt: parts.clock.now() + fresh.expiresInMs });
    return next.accessToken;
  } catch (thrown) {
    if (toProblem(thrown).code === "signed_out") return endGrant(parts, session);
    await dropLease(parts, session);
    const token = stillGood(parts, session);
    if (token !== undefined) return token;
    throw thrown;
  }
}

/** OpenEMR being away is no reason to stop while the token at hand still works. */
function stillGood({ clock, seal }: GrantParts, session: Session): string | undefined {
  return session.accessExpiresAt - clock.now() > 10_000 ? open(seal, session).accessToken : undefined;
}

async function takeLease({ store, clock }: GrantParts, { idHash, accessExpiresAt }: Session): Promise<boolean> {
  const now = clock.now();
  const sql = `UPDATE sessions SET refresh_lease_until = ?
    WHERE id_hash = ? AND access_expires_at = ? AND refresh_lease_until <= ?`;
  const lease = { sql, params: [now + leaseMs, idHash, accessExpiresAt, now], expectRows: 1 };
  return store.transact({ statements: [lease] }).then(
    () => true,
    (thrown: unknown) => {
      if (thrown instanceof GuardError) return false;
      throw thrown;
    },
  );
}

async function dropLease({ store }: GrantParts, { idHash }: Session): Promise<void> {
  const sql = "UPDATE sessions SET refresh_lease_until = 0 WHERE id_hash = ?";
  await store.transact({ statements: [{ sql, params: [idHash] }] });
}

type Kept = { grant: Grant; accessExpiresAt: number };

/** A session that ended meanwhile takes nothing: its tokens are dropped with it. */
async function keep({ store, seal }: GrantParts, { idHash }: Session, kept: Kept): Promise<void> {
  const sql = "UPDATE sessions SET grant_sealed = ?, access_expires_at = ?, refresh_lease_until = 0 WHERE id_hash = ?";
  const params = [seal.seal(JSON.stringify(kept.grant), idHash), kept.accessExpiresAt, idHash];
  await store.transact({ statements: [{ sql, params, expectRows: 1 }] }).catch((thrown: unknown) => {
    throw thrown instanceof GuardError ? problem("signed_out") : thrown;
  });
}

async function endGrant({ store, clock }: GrantParts, session: Session): Promise<never> {
  const object = "session ended: OpenEMR takes its token no more";
  const audit = sessionEntry(session, { now: clock.now(), object, requestId: "background", ip: null });
  const gone = { sql: "DELETE FROM sessions WHERE id_hash = ?", params: [session.idHash] };
  await store.transact({ statements: [gone], audit: [audit] });
  throw problem("signed_out", { detail: "OpenEMR no longer takes the refresh token" });
}

/** Another program holds the lease: looks until it has stored the new tokens, or its lease is over. */
async function refreshedElsewhere(parts: GrantParts, before: Session): Promise<string> {
  const { wait = waitMs } = parts;
  for (let look = 0; look < mostLooks; look += 1) {
    const session = await findOrSignedOut(parts, before.idHash);
    if (session.accessExpiresAt !== before.accessExpiresAt) return open(parts.seal, session).accessToken;
    if (await takeLease(parts, session)) return refreshLeased(parts, session);
    await wait(lookAgainMs);
  }
  throw problem("timed_out", { detail: "refresh elsewhere" });
}
