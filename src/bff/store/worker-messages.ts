/** What the store and its worker thread say to each other. */
import type { Row, SqlValue, Transaction } from "./store.ts";

export type WorkerRequest =
  | { id: number; kind: "transact"; transaction: Transaction }
  | { id: number; kind: "query"; sql: string; params: SqlValue[] }
  | { id: number; kind: "close" };

/** `guard` is the index of the statement whose guard failed; `message` is SQLite's own and holds no values. */
export type WorkerAnswer =
  | { id: number; rows: Row[][] }
  | { id: number; guard: number }
  | { id: number; message: string };
