import { z } from "zod";
import type { Word } from "#model/transcript.ts";
import type { Heard } from "./speech-engine.ts";

const Segment = z.looseObject({
  start: z.number(),
  end: z.number(),
  text: z.string(),
  avg_logprob: z.number().optional(),
  no_speech_prob: z.number().optional(),
});
type Segment = z.infer<typeof Segment>;

/** `verbose_json` of an OpenAI-compatible transcription; plain `json` has the text alone. Times are seconds of the file. */
export const OpenAiTranscription = z.looseObject({
  text: z.string(),
  segments: z.array(Segment).optional(),
  words: z.array(z.looseObject({ word: z.string(), start: z.number(), end: z.number() })).optional(),
});
export type OpenAiTranscription = z.infer<typeof OpenAiTranscription>;

/** Whisper's own limits for a segment that it would rather not stand for. */
const leastLogProbability = -1;
const mostSilenceProbability = 0.6;

/** Turns an answer about a file that starts at `startMs` of the session into stretches of speech. */
export function toHeard(answer: OpenAiTranscription, startMs: number): Heard[] {
  const segments = answer.segments ?? [];
  const heard =
    segments.length > 0 ? segments.map((one) => ofSegment(one, answer, startMs)) : [ofText(answer, startMs)];
  return heard.filter(({ words }) => words.length > 0);
}

function ofSegment(segment: Segment, answer: OpenAiTranscription, startMs: number): Heard {
  const confidence = segment.avg_logprob === undefined ? null : Math.min(1, Math.exp(segment.avg_logprob));
  const unclear =
    (segment.avg_logprob ?? 0) < leastLogProbability || (segment.no_speech_prob ?? 0) > mostSilenceProbability;
  const timed = timedWords(answer, startMs, segment).map((word) => ({ ...word, confidence, unclear }));
  const words = timed.length > 0 ? timed : untimedWords(segment.text).map((word) => ({ ...word, confidence, unclear }));
  return { startMs: startMs + toMs(segment.start), endMs: startMs + toMs(segment.end), words };
}

function ofText(answer: OpenAiTranscription, startMs: number): Heard {
  const timed = timedWords(answer, startMs);
  const words = timed.length > 0 ? timed : untimedWords(answer.text);
  return { startMs: words[0]?.startMs ?? null, endMs: words.at(-1)?.endMs ?? null, words };
}

/** The words whose middle lies in the segment. */
function timedWords(answer: OpenAiTranscription, startMs: number, within?: Segment): Word[] {
  const isInside = (at: number) => within === undefined || (at >= within.start && at < within.end);
  return (answer.words ?? [])
    .filter(({ start, end }) => isInside((start + end) / 2))
    .map(({ word, start, end }) => ({
      text: word.trim(),
      startMs: startMs + toMs(start),
      endMs: startMs + toMs(end),
      confidence: null,
      unclear: false,
    }));
}

function untimedWords(text: string): Word[] {
  const words = text
    .trim()
    .split(/\s+/u)
    .filter((word) => word !== "");
  return words.map((word) => ({ text: word, startMs: null, endMs: null, confidence: null, unclear: false }));
}

function toMs(seconds: number): number {
  return Math.round(seconds * 1000);
}
