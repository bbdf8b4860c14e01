/**
 * Speech through any server with an OpenAI-compatible `/v1/audio/transcriptions`. The session goes out in stretches of 20 to 30 s, cut in pauses,
 * one after another. The audio leaves this machine for wherever the address points.
 */
import { setTimeout as wait } from "node:timers/promises";
import { problem, ProblemError } from "#model/problem.ts";
import { writeWav } from "#local-scribe/decode/wav.ts";
import { OpenAiTranscription, toHeard } from "./openai-answer.ts";
import type { SpeechEngine } from "./speech-engine.ts";
import { createStretchCutter, type Stretch } from "./stretches.ts";

export type OpenAiSpeechOptions = {
  /** Up to and without `/v1`. */
  url: string;
  key?: string | undefined;
  model: string;
  /** Between tries of one stretch, ms. */
  retryDelaysMs?: number[];
};

/** The engine; a run fails with `processing_failed` when a stretch is refused or stays unanswered. */
export function createOpenAiSpeech(options: OpenAiSpeechOptions): SpeechEngine {
  return {
    name: `${options.model} at ${new URL(options.url).host}`,
    open(onHeard) {
      const cutter = createStretchCutter();
      const closing = new AbortController();
      async function ask(stretches: Stretch[]): Promise<void> {
        for (const stretch of stretches) {
          const answer = await transcribe(stretch, options, closing.signal);
          toHeard(answer, stretch.startMs).forEach(onHeard);
        }
      }
      return {
        write: (samples) => ask(cutter.push(samples)),
        finish: () => ask(cutter.end()),
        close: () => closing.abort(),
      };
    },
  };
}

async function transcribe(
  stretch: Stretch,
  options: OpenAiSpeechOptions,
  signal: AbortSignal,
): Promise<OpenAiTranscription> {
  const delays = options.retryDelaysMs ?? [1000, 4000, 16_000];
  for (let tries = 0; ; tries++) {
    const answer = await post(stretch, options, signal);
    if (answer !== "busy") return answer;
    const delayMs = delays[tries];
    if (delayMs === undefined) throw problem("processing_failed", { detail: "speech service busy" });
    await wait(delayMs, undefined, { signal });
  }
}

async function post(
  stretch: Stretch,
  options: OpenAiSpeechOptions,
  closing: AbortSignal,
): Promise<OpenAiTranscription | "busy"> {
  const url = `${options.url.replace(/\/$/u, "")}/v1/audio/transcriptions`;
  const { headers, body } = await toRequest(stretch, options);
  closing.throwIfAborted();
  try {
    const signal = AbortSignal.any([closing, AbortSignal.timeout(120_000)]);
    const answer = await fetch(url, { method: "POST", headers, body, signal });
    if (answer.status === 429 || answer.status >= 500) return "busy";
    if (!answer.ok) throw problem("processing_failed", { detail: `speech service ${answer.status}` });
    return readAnswer(await answer.json());
  } catch (thrown) {
    if (thrown instanceof ProblemError || closing.aborted) throw thrown;
    return "busy";
  }
}

/** The form as bytes: a form that is still streaming when its request is given up ends in an error nobody can catch. */
async function toRequest(stretch: Stretch, options: OpenAiSpeechOptions) {
  const encoded = new Response(toForm(stretch, options.model));
  const headers = new Headers({ "content-type": encoded.headers.get("content-type") ?? "" });
  if (options.key !== undefined) headers.set("authorization", `Bearer ${options.key}`);
  return { headers, body: await encoded.bytes() };
}

function toForm(stretch: Stretch, model: string): FormData {
  const form = new FormData();
  form.set("file", new Blob([new Uint8Array(writeWav(stretch.samples))], { type: "audio/wav" }), "audio.wav");
  form.set("model", model);
  form.set("language", "en");
  form.set("response_format", "verbose_json");
  form.append("timestamp_granularities[]", "word");
  form.append("timestamp_granularities[]", "segment");
  form.set("temperature", "0");
  return form;
}

function readAnswer(body: unknown): OpenAiTranscription {
  const parsed = OpenAiTranscription.safeParse(body);
  if (!parsed.success) throw problem("processing_failed", { detail: "speech service answer unreadable" });
  return parsed.data;
}
