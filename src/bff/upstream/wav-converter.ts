/**
 * Turns chunks into WAV beside the main thread: in, the bytes of one chunk; out, its WAV. The thread starts with the first
 * chunk that needs it, does one at a time, and keeps half a second of each running job.
 */
import { Worker } from "node:worker_threads";
import type { Problem } from "#model/problem.ts";
import { problem, ProblemError } from "#model/problem.ts";
import type { ToWav } from "#scribe/omsif/send-audio.ts";
import type { WavAnswer, WavQuestion } from "./wav-messages.ts";

export type WavConverter = {
  /** Throws `scribe_refused` for bytes that hold no Opus, `internal_error` when the thread died. */
  toWav: ToWav;
  close(): Promise<void>;
};

type Waiting = { resolve(wav: Uint8Array): void; reject(thrown: unknown): void };

export function createWavConverter(): WavConverter {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let asked = 0;
  const fail = (thrown: unknown): void => {
    worker = undefined;
    for (const { reject } of waiting.values()) reject(problem("internal_error", { detail: "wav thread" }, thrown));
    waiting.clear();
  };
  const start = (): Worker => {
    const started = new Worker(new URL("./wav-worker.ts", import.meta.url));
    started.unref();
    started.on("message", (answer: WavAnswer) => settle(waiting, answer));
    started.on("error", fail);
    return started;
  };
  return {
    toWav: ({ sequence, bytes }, jobId) =>
      new Promise((resolve, reject) => {
        worker ??= start();
        asked += 1;
        waiting.set(asked, { resolve, reject });
        worker.postMessage({ id: asked, jobId, sequence, bytes } satisfies WavQuestion, []);
      }),
    close: async () => {
      await worker?.terminate();
      fail(undefined);
    },
  };
}

function settle(waiting: Map<number, Waiting>, answer: WavAnswer): void {
  const one = waiting.get(answer.id);
  waiting.delete(answer.id);
  if (answer.wav !== undefined) one?.resolve(answer.wav);
  else one?.reject(new ProblemError(answer.problem satisfies Problem));
}
