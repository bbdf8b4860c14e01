/** An INSERT from a record of columns, so that a value stands beside its name. Table and columns are words of ours, never input. */
import type { SqlValue, Statement } from "#bff/store/store.ts";

export type Columns = Record<string, SqlValue>;

/** With `unlessKnown` (the key's columns) a row that exists already is left alone, and no row is changed. */
export function insertRow(table: string, columns: Columns, unlessKnown?: string): Statement {
  const names = Object.keys(columns);
  const places = names.map(() => "?").join(", ");
  const conflict = unlessKnown === undefined ? "" : ` ON CONFLICT (${unlessKnown}) DO NOTHING`;
  return {
    sql: `INSERT INTO ${table} (${names.join(", ")}) VALUES (${places})${conflict}`,
    params: Object.values(columns),
  };
}
