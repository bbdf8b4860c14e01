/**
 * The SQLite file and everything done to it, synchronously; the worker thread runs it. In: batches of transactions. Out: one
 * outcome for each. Transactions that wait together share one BEGIN IMMEDIATE ... COMMIT, and so one fsync; each has its own
 * SAVEPOINT, so that a refused one takes nothing with it. WAL with synchronous=FULL: what was committed survives a power cut.
 */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { auditParams, firstHash, insertAuditSql } from "./audit-chain.ts";
import { migrations } from "./schema.ts";
import { GuardError, type AuditEntry, type Row, type SqlValue, type Statement, type Transaction } from "./store.ts";

export type Outcome = { rows: Row[][] } | { error: unknown };

export type Database = {
  /** Every outcome is durable when this returns. Throws only if the COMMIT itself failed: then nothing was kept. */
  commit(batch: readonly Transaction[]): Outcome[];
  query(sql: string, params: readonly SqlValue[]): Row[];
  close(): void;
};

/** Opens (and makes) the file, `:memory:` for none, and brings its tables up to date. */
export function openDatabase(file: string): Database {
  const sqlite = new DatabaseSync(file, { timeout: 5000 });
  sqlite.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
  migrate(sqlite);
  const prepare = statementCache(sqlite);
  return {
    commit: (batch) => commit(sqlite, prepare, batch),
    query: (sql, params) => prepare(sql).all(...params) as Row[],
    close: () => sqlite.close(),
  };
}

type Prepare = (sql: string) => StatementSync;

function statementCache(sqlite: DatabaseSync): Prepare {
  const statements = new Map<string, StatementSync>();
  return (sql) => {
    const known = statements.get(sql);
    if (known) return known;
    const made = sqlite.prepare(sql);
    statements.set(sql, made);
    return made;
  };
}

function migrate(sqlite: DatabaseSync): void {
  sqlite.exec("BEGIN IMMEDIATE");
  const done = Number(sqlite.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0);
  if (done > migrations.length) throw new Error("The database was written by a newer version of this program.");
  for (const step of migrations.slice(done)) sqlite.exec(step);
  sqlite.exec(`PRAGMA user_version = ${migrations.length}`);
  sqlite.exec("COMMIT");
}

function commit(sqlite: DatabaseSync, prepare: Prepare, batch: readonly Transaction[]): Outcome[] {
  prepare("BEGIN IMMEDIATE").run();
  try {
    const outcomes = batch.map((transaction) => runInSavepoint(prepare, transaction));
    prepare("COMMIT").run();
    return outcomes;
  } catch (thrown) {
    if (sqlite.isTransaction) prepare("ROLLBACK").run();
    throw thrown;
  }
}

function runInSavepoint(prepare: Prepare, transaction: Transaction): Outcome {
  prepare("SAVEPOINT one").run();
  try {
    const rows = transaction.statements.map((statement, index) => runStatement(prepare, statement, index));
    for (const entry of transaction.audit ?? []) appendAudit(prepare, entry);
    prepare("RELEASE one").run();
    return { rows };
  } catch (error) {
    prepare("ROLLBACK TO one").run();
    prepare("RELEASE one").run();
    return { error };
  }
}

function runStatement(prepare: Prepare, { sql, params, expectRows }: Statement, index: number): Row[] {
  const statement = prepare(sql);
  const returnsRows = statement.columns().length > 0;
  const rows = returnsRows ? (statement.all(...params) as Row[]) : [];
  const count = returnsRows ? rows.length : Number(statement.run(...params).changes);
  if (expectRows !== undefined && count !== expectRows) throw new GuardError(index);
  return rows;
}

function appendAudit(prepare: Prepare, entry: AuditEntry): void {
  const last = prepare("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").get();
  const params = auditParams(Number(last?.["seq"] ?? 0) + 1, entry, String(last?.["hash"] ?? firstHash));
  prepare(insertAuditSql).run(...params);
}
