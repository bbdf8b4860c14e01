/** The thread that turns chunks into WAV, in the order they were asked for. */
import { parentPort } from "node:worker_threads";
import { toProblem } from "#model/problem.ts";
import { opusToWav } from "./opus-to-wav.ts";
import { createTails } from "./tails.ts";
import type { WavAnswer, WavQuestion } from "./wav-messages.ts";

const tails = createTails();
let before = Promise.resolve();

parentPort?.on("message", (question: WavQuestion) => {
  before = before.then(() => answer(question));
});

async function answer({ id, jobId, sequence, bytes }: WavQuestion): Promise<void> {
  try {
    const { wav, tail } = await opusToWav(bytes, tails.before(jobId, sequence));
    tails.keep(jobId, sequence, tail);
    tell({ id, wav });
  } catch (thrown) {
    tell({ id, problem: toProblem(thrown) });
  }
}

function tell(answer: WavAnswer): void {
  parentPort?.postMessage(answer, []);
}
