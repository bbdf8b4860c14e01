/**
 * Notes written by any server with an OpenAI-compatible `/v1/chat/completions` that can hold to a JSON schema. In: a
 * transcript, words not understood as [unclear]. Out: a checked note, or a problem. The transcript leaves this machine
 * for wherever the address points; it is never logged and stands in no error. Holds nothing; a crash loses nothing.
 */
import { problem } from "#model/problem.ts";
import type { Transcript } from "#model/transcript.ts";
import type { NoteWriter, WrittenNote } from "#local-scribe/note-writer.ts";
import { answerFormat, instructions, readAnswer, toLines } from "./openai-messages.ts";
import { sendWithRetries } from "./send-with-retries.ts";
import type { Wait } from "./send-with-retries.ts";

export type OpenAiWriterOptions = {
  /** Up to and without `/v1`. */
  url: string;
  key: string;
  model: string;
  send?: typeof fetch;
  /** For one try, ms. */
  timeoutMs?: number;
  wait?: Wait;
};

/**
 * A writer that asks a language model. Rejects with `rate_limited`, `scribe_down` or `timed_out` when it stays without an
 * answer after three more tries, `scribe_refused` when the server refuses, `scribe_answer_unreadable` for anything else.
 */
export function createOpenAiWriter(options: OpenAiWriterOptions): NoteWriter {
  return {
    name: `${options.model} at ${new URL(options.url).host}`,
    async write(transcript) {
      const answer = await sendWithRetries({
        url: `${options.url.replace(/\/$/u, "")}/v1/chat/completions`,
        body: toBody(options.model, transcript),
        key: options.key,
        send: options.send ?? fetch,
        timeoutMs: options.timeoutMs ?? 60_000,
        ...(options.wait && { wait: options.wait }),
      });
      return readNote(answer);
    },
  };
}

function toBody(model: string, transcript: Transcript): string {
  return JSON.stringify({
    model,
    temperature: 0,
    response_format: answerFormat,
    messages: [
      { role: "system", content: instructions },
      { role: "user", content: toLines(transcript) },
    ],
  });
}

function readNote(text: string): WrittenNote {
  const answer = readAnswer(text);
  if (answer === "refused") throw problem("scribe_refused", { detail: "note service refused to write" });
  if (answer === "unreadable") throw problem("scribe_answer_unreadable", { detail: "note service" });
  return answer;
}
