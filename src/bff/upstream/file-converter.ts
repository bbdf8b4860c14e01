/**
 * Turns a whole recording into WAV as it streams through, beside the main thread: one thread for each file, which ends with it.
 * What is in memory is what lies between the two streams.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { problem } from "#model/problem.ts";
import type { ByteStream, OutgoingFile } from "#scribe/scribe.ts";
import { samplesOf, wavHeadBytes } from "./wav-file.ts";

/** What the thread is given: WebM in, and how long the WAV that comes out must be. */
export type FileQuestion = { webm: ReadableStream<Uint8Array>; samples: number };
export type FileAnswer = { wav: ReadableStream<Uint8Array> };

/** The same recording at 16 kHz, mono, 16 bit. Its hash is not known beforehand: the one of the file it came from is kept. */
export function fileToWav(file: OutgoingFile): OutgoingFile {
  const samples = samplesOf(file.durationMs);
  const sizeBytes = wavHeadBytes + samples * 2;
  return { ...file, bytes: convert(file.bytes, samples), sizeBytes, mimeType: "audio/wav" };
}

async function* convert(bytes: ByteStream, samples: number): ByteStream {
  const worker = new Worker(new URL("./file-worker.ts", import.meta.url));
  const failed = new Promise<never>((_, reject) => worker.once("error", reject));
  failed.catch(() => undefined);
  try {
    const webm = ReadableStream.from(bytes);
    worker.postMessage({ webm, samples } satisfies FileQuestion, [webm]);
    const [answer] = (await Promise.race([once(worker, "message"), failed])) as [FileAnswer];
    const reader = answer.wav.getReader();
    const read = () => Promise.race([reader.read(), failed]);
    for (let next = await read(); !next.done; next = await read()) yield next.value;
  } catch (thrown) {
    throw problem("scribe_refused", { detail: "the recording cannot become WAV" }, thrown);
  } finally {
    await worker.terminate();
  }
}
