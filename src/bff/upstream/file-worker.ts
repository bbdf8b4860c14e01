/** The thread that turns one recording into WAV. */
import { parentPort } from "node:worker_threads";
import type { FileAnswer, FileQuestion } from "./file-converter.ts";
import { wavFile } from "./wav-file.ts";

// Listening keeps the thread alive: the streams do not.
parentPort?.on("message", ({ webm, samples }: FileQuestion) => {
  const wav = ReadableStream.from(wavFile(webm, samples));
  parentPort?.postMessage({ wav } satisfies FileAnswer, [wav]);
});
