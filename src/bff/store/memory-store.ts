/** The same database in memory and in this thread, for tests: same SQL, guards and audit chain, no file. */
import { openDatabase } from "./database.ts";
import type { Store } from "./store.ts";

/** A fresh, empty store with every table; the caller closes it. */
export function createMemoryStore(): Store {
  const database = openDatabase(":memory:");
  return {
    transact: async (transaction) => {
      const [outcome] = database.commit([transaction]);
      if (outcome === undefined) return [];
      if ("error" in outcome) throw outcome.error;
      return outcome.rows.map((rows) => rows.map((row) => ({ ...row })));
    },
    query: async (sql, params = []) => database.query(sql, params).map((row) => ({ ...row })),
    close: async () => database.close(),
  };
}
