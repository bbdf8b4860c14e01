/** The last worklist that OpenEMR gave a user for a day, for when it is down. Lives in the store, so it survives a restart. */
import { z } from "zod";
import type { Statement, Store } from "#bff/store/store.ts";
import { jsonText } from "#bff/visits/visit-record.ts";
import { AppointmentLine } from "./worklist-rows.ts";

/** A user's own list and the list of all are kept apart. */
export type CacheKey = { userId: string; scope: "mine" | "all"; date: string };
export type CachedLines = { lines: AppointmentLine[]; fetchedAt: number };

export function keepLinesStatement(key: CacheKey, { lines, fetchedAt }: CachedLines): Statement {
  return {
    sql: `INSERT INTO worklists (user_id, date, rows_json, fetched_at) VALUES (?, ?, ?, ?)
      ON CONFLICT (user_id, date) DO UPDATE SET rows_json = excluded.rows_json, fetched_at = excluded.fetched_at`,
    params: [ownerOf(key), key.date, JSON.stringify(lines), fetchedAt],
  };
}

/** Undefined when this user never saw that day. */
export async function findLines(store: Store, key: CacheKey): Promise<CachedLines | undefined> {
  const [row] = await store.query("SELECT rows_json, fetched_at FROM worklists WHERE user_id = ? AND date = ?", [
    ownerOf(key),
    key.date,
  ]);
  if (row === undefined) return undefined;
  const { rows_json, fetched_at } = CachedRow.parse(row);
  return { lines: rows_json, fetchedAt: fetched_at };
}

const CachedRow = z.object({ rows_json: jsonText(z.array(AppointmentLine)), fetched_at: z.number() });

function ownerOf({ userId, scope }: CacheKey): string {
  return scope === "mine" ? userId : `${userId}/all`;
}
