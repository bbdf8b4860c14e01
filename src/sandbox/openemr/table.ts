/**
 * Rows kept in memory and written through to SQLite before anything is answered, so that a killed process has forgotten
 * nothing it promised. The sandbox holds a few thousand rows: every search is a walk through the list.
 */
import type { DatabaseSync } from "node:sqlite";

type Numbered = { id: number };

export type Table<Row extends Numbered> = {
  all(): Row[];
  one(id: number): Row | undefined;
  find(matches: (row: Row) => boolean): Row | undefined;
  /** Adds with the next number, which is never one that was used before. */
  add(row: Omit<Row, "id">): Row;
  /** Adds or replaces. */
  put(row: Row): void;
  remove(id: number): void;
  clear(): void;
};

export function openTable<Row extends Numbered>(database: DatabaseSync, name: string): Table<Row> {
  database.exec(`CREATE TABLE IF NOT EXISTS ${name} (id INTEGER PRIMARY KEY AUTOINCREMENT, row TEXT NOT NULL) STRICT`);
  const insert = database.prepare(`INSERT INTO ${name} (row) VALUES (?)`);
  const replace = database.prepare(
    `INSERT INTO ${name} (id, row) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET row = excluded.row`,
  );
  const drop = database.prepare(`DELETE FROM ${name} WHERE id = ?`);
  const rows = new Map<number, Row>();
  for (const { id, row } of database.prepare(`SELECT id, row FROM ${name} ORDER BY id`).all()) {
    rows.set(Number(id), { ...(JSON.parse(String(row)) as Row), id: Number(id) });
  }
  return {
    all: () => [...rows.values()],
    one: (id) => rows.get(id),
    find: (matches) => {
      for (const row of rows.values()) if (matches(row)) return row;
      return undefined;
    },
    add: (row) => {
      const { lastInsertRowid } = insert.run(JSON.stringify(row));
      const added = { ...row, id: Number(lastInsertRowid) } as Row;
      rows.set(added.id, added);
      return added;
    },
    put: (row) => {
      replace.run(row.id, JSON.stringify(row));
      rows.set(row.id, row);
    },
    remove: (id) => {
      drop.run(id);
      rows.delete(id);
    },
    clear: () => {
      database.exec(`DELETE FROM ${name}`);
      database.prepare("DELETE FROM sqlite_sequence WHERE name = ?").run(name);
      rows.clear();
    },
  };
}
