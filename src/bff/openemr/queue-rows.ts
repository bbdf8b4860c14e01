/** What waits to be put into the chart, whatever it is: the steps that notes, addenda and documents have in common. */
import type { Statement } from "#bff/store/store.ts";
import type { Problem } from "#model/problem.ts";

type Table = "filings" | "addenda" | "documents";

/** The row of one that waits. */
export type Place = { table: Table; column: "visit_id" | "id"; id: string };

export function claimStatement({ table, column, id }: Place): Statement {
  return {
    sql: `UPDATE ${table} SET state = 'filing', tries = tries + 1 WHERE ${column} = ? AND state = 'waiting'`,
    params: [id],
    expectRows: 1,
  };
}

export function putOffStatement({ table, column, id }: Place, why: Problem, nextTryAt: number): Statement {
  return {
    sql: `UPDATE ${table} SET state = 'waiting', problem_json = ?, next_try_at = ? WHERE ${column} = ? AND state IN ('waiting', 'filing')`,
    params: [JSON.stringify(why), nextTryAt, id],
    expectRows: 1,
  };
}

/** Trying again by itself would not help: a person must act, then ask for another try. */
export function failedStatement({ table, column, id }: Place, why: Problem): Statement {
  return {
    sql: `UPDATE ${table} SET state = 'failed', problem_json = ? WHERE ${column} = ? AND state IN ('waiting', 'filing')`,
    params: [JSON.stringify(why), id],
    expectRows: 1,
  };
}

/** SQL: due by time; what waits for a sign-in is always due, because only asking can tell. Takes the time of now. */
export const isDue = (row: string): string =>
  `${row}.state = 'waiting' AND (${row}.next_try_at <= ? OR ${row}.problem_json LIKE '%"code":"signed_out"%')`;

/** What a crash or a full disk left half filed waits again. Only between rounds, when nobody is filing. */
export const takeUpStatements: readonly Statement[] = (["filings", "addenda", "documents"] as const).map((table) => ({
  sql: `UPDATE ${table} SET state = 'waiting' WHERE state = 'filing'`,
  params: [],
}));
