/**
 * The rows of signed-in browsers. A row outlives a restart; it ends by sign-out, after 15 idle minutes or after 12 hours,
 * and then stays behind for filing alone while signed notes of that user still wait (design/settled.md, Filing after sign-out).
 */
import { z } from "zod";
import type { AuditEntry, Row, Statement, Store } from "#bff/store/store.ts";
import type { Clock } from "#model/clock.ts";
import { UserId } from "#model/id.ts";
import { Role, type User } from "#model/user.ts";

export const idleMs = 15 * 60_000;
export const absoluteMs = 12 * 60 * 60_000;
/** How long a grant may wait for OpenEMR to take a signed note; after that the user must sign in. */
const filingOnlyMs = 7 * 24 * 60 * 60_000;
/** A session that is used is written at most this often. */
const touchEveryMs = 30_000;

export type Session = {
  idHash: string;
  user: User;
  sealedGrant: Uint8Array;
  accessExpiresAt: number;
  seenAt: number;
  expiresAt: number;
  filingOnly: boolean;
};

export type Sessions = {
  /** Adds a session; `ended` are the statements that end another one in the same transaction. */
  add(session: Session, audit: AuditEntry, ended?: Statement[]): Promise<void>;
  find(idHash: string): Promise<Session | undefined>;
  /** All grants of a user, those kept for filing last. */
  ofUser(userId: string): Promise<Session[]>;
  touch(session: Session): Promise<void>;
  isOver(session: Session): boolean;
  /** Ends it for the browser; false when the grant stays for filing. */
  end(session: Session, audit: AuditEntry): Promise<boolean>;
  endStatements(idHash: string): Statement[];
  /** Signed in and in use, the one used last first; at most five. */
  live(): Promise<Session[]>;
  /** Sessions whose time is over. */
  over(): Promise<Session[]>;
  /** Takes away grants kept for filing that nothing waits for any more. */
  takeSpent(): Promise<Session[]>;
};

const SessionRow = z
  .object({
    id_hash: z.string(),
    user_id: UserId,
    user_name: z.string(),
    role: Role,
    grant_sealed: z.instanceof(Uint8Array),
    access_expires_at: z.number(),
    seen_at: z.number(),
    expires_at: z.number(),
    filing_only: z.number(),
  })
  .transform((row) => ({
    idHash: row.id_hash,
    user: { id: row.user_id, name: row.user_name, role: row.role },
    sealedGrant: row.grant_sealed,
    accessExpiresAt: row.access_expires_at,
    seenAt: row.seen_at,
    expiresAt: row.expires_at,
    filingOnly: row.filing_only === 1,
  }));

function toSession(row: Row): Session {
  return SessionRow.parse(row);
}

const filingWaits = `(EXISTS (SELECT 1 FROM filings WHERE clinician_id = sessions.user_id AND state IN ('waiting', 'filing'))
  OR EXISTS (SELECT 1 FROM addenda WHERE signed_by = sessions.user_id AND state IN ('waiting', 'filing'))
  OR EXISTS (SELECT 1 FROM documents WHERE clinician_id = sessions.user_id AND state IN ('waiting', 'filing')))`;

export function createSessions({ store, clock }: { store: Store; clock: Clock }): Sessions {
  const select = async (where: string, params: (string | number)[]): Promise<Session[]> =>
    (await store.query(`SELECT * FROM sessions WHERE ${where}`, params)).map(toSession);
  const endStatements = (idHash: string): Statement[] => [
    {
      sql: `UPDATE sessions SET filing_only = 1, expires_at = ? WHERE id_hash = ? AND ${filingWaits}`,
      params: [clock.now() + filingOnlyMs, idHash],
    },
    { sql: "DELETE FROM sessions WHERE id_hash = ? AND filing_only = 0 RETURNING id_hash", params: [idHash] },
  ];
  return {
    add: async (session, audit, ended = []) => {
      await store.transact({ statements: [...ended, insert(session)], audit: [audit] });
    },
    find: async (idHash) => (await select("id_hash = ?", [idHash]))[0],
    ofUser: (userId) => select("user_id = ? ORDER BY filing_only, expires_at DESC", [userId]),
    touch: async ({ idHash, seenAt }) => {
      if (clock.now() - seenAt < touchEveryMs) return;
      const sql = "UPDATE sessions SET seen_at = ? WHERE id_hash = ?";
      await store.transact({ statements: [{ sql, params: [clock.now(), idHash] }] });
    },
    isOver: ({ seenAt, expiresAt }) => clock.now() >= Math.min(expiresAt, seenAt + idleMs),
    endStatements,
    end: async (session, audit) => {
      const results = await store.transact({ statements: endStatements(session.idHash), audit: [audit] });
      return (results[1]?.length ?? 0) > 0;
    },
    live: () =>
      select("filing_only = 0 AND expires_at > ? AND seen_at > ? ORDER BY seen_at DESC LIMIT 5", [
        clock.now(),
        clock.now() - idleMs,
      ]),
    over: () => select("filing_only = 0 AND (expires_at <= ? OR seen_at <= ?)", [clock.now(), clock.now() - idleMs]),
    takeSpent: async () => {
      const sql = `DELETE FROM sessions WHERE filing_only = 1 AND (expires_at <= ? OR NOT ${filingWaits}) RETURNING *`;
      const [rows] = await store.transact({ statements: [{ sql, params: [clock.now()] }] });
      return (rows ?? []).map(toSession);
    },
  };
}

function insert(session: Session): Statement {
  return {
    sql: `INSERT INTO sessions (id_hash, user_id, user_name, role, grant_sealed, access_expires_at, created_at, seen_at, expires_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    params: [
      session.idHash,
      session.user.id,
      session.user.name,
      session.user.role,
      session.sealedGrant,
      session.accessExpiresAt,
      session.seenAt,
      session.seenAt,
      session.expiresAt,
    ],
  };
}
