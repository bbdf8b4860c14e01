/** The store on a SQLite file: a worker thread does the work, so that waiting for the disk never holds up a request. */
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { Worker } from "node:worker_threads";
import { GuardError, type Row, type Store } from "./store.ts";
import type { WorkerAnswer, WorkerRequest } from "./worker-messages.ts";

type Waiting = { resolve: (rows: Row[][]) => void; reject: (error: Error) => void };
type Unnumbered<T> = T extends { id: number } ? Omit<T, "id"> : never;

/** Opens the file and runs the migrations; rejects when the file cannot be opened. */
export async function createSqliteStore(file: string): Promise<Store> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const ask = startWorker(file);
  await ask({ kind: "query", sql: "SELECT 1", params: [] });
  return {
    transact: (transaction) => ask({ kind: "transact", transaction }),
    query: async (sql, params = []) => (await ask({ kind: "query", sql, params }))[0] ?? [],
    close: async () => {
      await ask({ kind: "close" });
    },
  };
}

function startWorker(file: string): (request: Unnumbered<WorkerRequest>) => Promise<Row[][]> {
  const worker = new Worker(new URL("./sqlite-worker.ts", import.meta.url), { workerData: { file } });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let ended: Error | undefined;
  const end = (error: Error): void => {
    ended ??= error;
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  worker.on("message", (answer: WorkerAnswer) => {
    const caller = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (caller) settle(caller, answer);
  });
  worker.on("error", (error) => end(error instanceof Error ? error : new Error("store worker failed")));
  worker.on("exit", () => end(new Error("the store is closed")));
  return (request) =>
    new Promise((resolve, reject) => {
      if (ended) return reject(ended);
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      worker.postMessage({ ...request, id: lastId }, []);
    });
}

function settle(caller: Waiting, answer: WorkerAnswer): void {
  if ("rows" in answer) caller.resolve(answer.rows);
  else if ("guard" in answer) caller.reject(new GuardError(answer.guard));
  else caller.reject(new Error(`store: ${answer.message}`));
}
