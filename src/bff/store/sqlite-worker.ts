/**
 * The store's worker thread. Whatever has queued up at the port while the last COMMIT waited for the disk becomes the next
 * batch; nobody is answered before their COMMIT. Reads run after the batch, so that they see only what is durable.
 */
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { openDatabase, type Outcome } from "./database.ts";
import { GuardError } from "./store.ts";
import type { WorkerAnswer, WorkerRequest } from "./worker-messages.ts";

const largestBatch = 512;
const port = parentPort;
if (port === null) throw new Error("sqlite-worker.ts runs as a worker thread");
const database = openDatabase((workerData as { file: string }).file);

port.on("message", (first: WorkerRequest) => {
  const requests = [first];
  while (requests.length < largestBatch) {
    const next = receiveMessageOnPort(port);
    if (next === undefined) break;
    requests.push(next.message);
  }
  commitAll(requests.filter((request) => request.kind === "transact"));
  for (const request of requests) {
    if (request.kind === "query") answerQuery(request);
    if (request.kind === "close") close(request.id);
  }
});

function commitAll(requests: readonly (WorkerRequest & { kind: "transact" })[]): void {
  if (requests.length === 0) return;
  try {
    const outcomes = database.commit(requests.map((request) => request.transaction));
    requests.forEach((request, index) => answer(toAnswer(request.id, outcomes[index] ?? { rows: [] })));
  } catch (error) {
    for (const request of requests) answer(toAnswer(request.id, { error }));
  }
}

function answerQuery({ id, sql, params }: WorkerRequest & { kind: "query" }): void {
  try {
    answer({ id, rows: [database.query(sql, params)] });
  } catch (error) {
    answer(toAnswer(id, { error }));
  }
}

function close(id: number): void {
  database.close();
  answer({ id, rows: [] });
  port?.close();
}

function toAnswer(id: number, outcome: Outcome): WorkerAnswer {
  if ("rows" in outcome) return { id, rows: outcome.rows };
  if (outcome.error instanceof GuardError) return { id, guard: outcome.error.statement };
  return { id, message: outcome.error instanceof Error ? outcome.error.message : "unknown" };
}

function answer(message: WorkerAnswer): void {
  port?.postMessage(message);
}
