/**
 * The store's port. One transaction is a list of statements sent at once, so that a worker with group commit (SQLite)
 * and a connection pool (PostgreSQL) fit behind it alike: nothing is read inside a transaction, a guard says instead
 * how many rows a statement must touch.
 *
 * The SQL is the part that SQLite and PostgreSQL >= 15 share: `?` placeholders (the adapter numbers them), TEXT, INTEGER,
 * BLOB, `ON CONFLICT`, `RETURNING`. Times are INTEGER milliseconds UTC; JSON is TEXT.
 */
export type SqlValue = string | number | null | Uint8Array;
export type Row = Record<string, SqlValue>;

export type Statement = {
  sql: string;
  params: SqlValue[];
  /** The transaction is rolled back with `GuardError` unless exactly this many rows were changed or returned. */
  expectRows?: number;
};

/** One audit row; the store adds `seq` and the hash chain inside the same transaction. */
export type AuditEntry = {
  at: number;
  actor: string;
  role: string;
  sessionHash: string | null;
  ip: string | null;
  action: "C" | "R" | "U" | "D" | "E";
  outcome: "ok" | "refused" | "failed";
  patient: string | null;
  object: string;
  requestId: string;
};

export type Transaction = {
  statements: Statement[];
  audit?: AuditEntry[];
};

/** The index of the statement whose guard failed. Nothing of the transaction was kept. */
export class GuardError extends Error {
  readonly statement: number;
  constructor(statement: number) {
    super(`guard of statement ${statement} failed`);
    this.name = "GuardError";
    this.statement = statement;
  }
}

export type Store = {
  /** Durable when it resolves (fsynced); one rows array per statement (`RETURNING`). Rejects with `GuardError`. */
  transact(transaction: Transaction): Promise<Row[][]>;
  query(sql: string, params?: SqlValue[]): Promise<Row[]>;
  close(): Promise<void>;
};
