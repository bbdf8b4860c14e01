/**
 * How sessions end: by sign-out, by time, or when the last note kept for filing has reached the chart. Destroying our own row
 * is what protects; OpenEMR is told as well, but its logout revokes no token (facts/openemr-live.md 1, row 5).
 */
import type { Log } from "#bff/context.ts";
import { errorFields } from "#bff/log.ts";
import type { AuditEntry } from "#bff/store/store.ts";
import type { Clock } from "#model/clock.ts";
import { toProblem } from "#model/problem.ts";
import type { Grants } from "./grants.ts";
import type { OpenId } from "./openid.ts";
import type { Session, Sessions } from "./sessions.ts";

export type SessionEndParts = {
  clock: Clock;
  log: Log;
  sessions: Sessions;
  grants: Pick<Grants, "open">;
  openId: Pick<OpenId, "logout">;
  /** Live connections of that session are cut. */
  onEnded: (sessionHash: string) => void;
};

export type SessionEnd = {
  end(session: Session, audit: AuditEntry): Promise<void>;
  /** Ends what is over by the clock and drops grants that no filing needs; to be called every minute. */
  sweep(): Promise<void>;
};

export function createSessionEnd(parts: SessionEndParts): SessionEnd {
  const { sessions, clock } = parts;
  const end = async (session: Session, audit: AuditEntry): Promise<void> => {
    const isGone = await sessions.end(session, audit);
    parts.onEnded(session.idHash);
    if (isGone) await tellOpenEmr(parts, session);
  };
  return {
    end,
    sweep: async () => {
      for (const session of await sessions.over()) await end(session, timeoutEntry(session, clock.now()));
      for (const session of await sessions.takeSpent()) await tellOpenEmr(parts, session);
    },
  };
}

export function timeoutEntry(session: Session, now: number): AuditEntry {
  const object = now >= session.expiresAt ? "session ended: 12 hours" : "session ended: idle";
  return sessionEntry(session, { now, object, requestId: "background", ip: null });
}

export type SessionEvent = { now: number; object: string; requestId: string; ip: string | null };

export function sessionEntry({ user, idHash }: Session, { now, object, requestId, ip }: SessionEvent): AuditEntry {
  return {
    at: now,
    actor: user.id,
    role: user.role,
    sessionHash: idHash,
    ip,
    action: "E",
    outcome: "ok",
    patient: null,
    object,
    requestId,
  };
}

/** OpenEMR's logout stops the user's every session of this client, so it waits for the last one. */
async function tellOpenEmr({ sessions, grants, openId, log }: SessionEndParts, session: Session): Promise<void> {
  try {
    if ((await sessions.ofUser(session.user.id)).length > 0) return;
    await openId.logout(grants.open(session).idToken);
  } catch (thrown) {
    log.warn({ code: toProblem(thrown).code, ...errorFields(thrown) }, "OpenEMR was not told of the sign-out");
  }
}
