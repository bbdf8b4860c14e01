/**
 * The log behind live status: what changed and for whom, never what it says now. A reconnecting page gets what it missed; the
 * data is read fresh, so that only the last change of each visit matters.
 */
import { z } from "zod";
import type { Clock } from "#model/clock.ts";
import { VisitId } from "#model/id.ts";
import type { Statement, Store } from "./store/store.ts";

/** `all` hears only `reset`. */
export type Audience = `clinician:${string}` | "desk" | "all";

export type Change =
  | { name: "visit"; audience: Audience; visitId: VisitId }
  | { name: "follow_ups" | "reset"; audience: Audience; visitId: null };

export type Logged = Change & { seq: number };

const keptMs = 24 * 60 * 60_000;
const mostReplayed = 500;

const EventRow = z.object({
  seq: z.number(),
  audience: z.string().transform((text) => text as Audience),
  name: z.enum(["visit", "follow_ups", "reset"]),
  visit_id: VisitId.nullable(),
});

export type EventLog = {
  /** Durable when it resolves; in the order given. */
  append(changes: readonly Change[]): Promise<Logged[]>;
  /** What happened after `seq`, the last of each kind; "reset" when that is too much or too long ago. */
  since(seq: number, audiences: readonly Audience[]): Promise<Logged[] | "reset">;
  lastSeq(): Promise<number>;
  /** Drops what is older than a day. */
  prune(): Promise<void>;
};

export function createEventLog({ store, clock }: { store: Store; clock: Clock }): EventLog {
  const bounds = async (): Promise<{ first: number; last: number }> => {
    const [row] = await store.query("SELECT MIN(seq) AS first, MAX(seq) AS last FROM events");
    return { first: Number(row?.["first"] ?? 0), last: Number(row?.["last"] ?? 0) };
  };
  return {
    append: async (changes) => {
      const rows = await store.transact({ statements: changes.map((change) => insert(change, clock.now())) });
      return changes.map((change, index) => ({ ...change, seq: Number(rows[index]?.[0]?.["seq"]) }));
    },
    since: async (seq, audiences) => {
      const { first, last } = await bounds();
      if (seq < first - 1 || seq > last) return "reset";
      const marks = audiences.map(() => "?").join(", ");
      const sql = `SELECT * FROM events WHERE seq > ? AND audience IN (${marks}) ORDER BY seq LIMIT ?`;
      const missed = (await store.query(sql, [seq, ...audiences, mostReplayed + 1])).map(toLogged);
      if (missed.length > mostReplayed || missed.some((event) => event.name === "reset")) return "reset";
      return lastOfEach(missed);
    },
    lastSeq: async () => (await bounds()).last,
    prune: async () => {
      const sql = "DELETE FROM events WHERE at < ? AND seq < (SELECT MAX(seq) FROM events)";
      await store.transact({ statements: [{ sql, params: [clock.now() - keptMs] }] });
    },
  };
}

function insert({ audience, name, visitId }: Change, at: number): Statement {
  const sql = "INSERT INTO events (at, audience, name, visit_id) VALUES (?, ?, ?, ?) RETURNING seq";
  return { sql, params: [at, audience, name, visitId] };
}

function toLogged(row: unknown): Logged {
  const { seq, audience, name, visit_id: visitId } = EventRow.parse(row);
  if (name === "visit" && visitId !== null) return { seq, audience, name, visitId };
  return { seq, audience, name: name === "visit" ? "reset" : name, visitId: null };
}

function lastOfEach(events: readonly Logged[]): Logged[] {
  const last = new Map(events.map((event) => [event.visitId ?? event.name, event.seq]));
  return events.filter((event) => last.get(event.visitId ?? event.name) === event.seq);
}
