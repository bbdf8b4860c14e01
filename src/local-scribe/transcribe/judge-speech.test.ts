import { expect, test } from "vitest";
import type { Turn } from "#model/transcript.ts";
import { judgeSpeech } from "./judge-speech.ts";

const enough = { durationMs: 20_000, speechMs: 6000, soundMs: 15_000 };

function turnOf(clear: number, unclear: number): Turn[] {
  const word = { text: "word", startMs: 0, endMs: 100, confidence: 0.5 };
  const words = [
    ...Array.from({ length: clear }, () => ({ ...word, unclear: false })),
    ...Array.from({ length: unclear }, () => ({ ...word, unclear: true })),
  ];
  return [{ id: "s0", speaker: "unknown", startMs: 0, endMs: 100, words }];
}

test.each([
  {
    what: "no audio",
    evidence: { durationMs: 0, speechMs: 0, soundMs: 0 },
    turns: turnOf(0, 0),
    code: "audio_too_short",
  },
  { what: "silence", evidence: { ...enough, speechMs: 0, soundMs: 0 }, turns: turnOf(0, 0), code: "audio_too_short" },
  {
    what: "words heard in noise",
    evidence: { ...enough, speechMs: 0 },
    turns: turnOf(9, 0),
    code: "audio_quality_poor",
  },
  { what: "a word or two", evidence: enough, turns: turnOf(2, 0), code: "audio_too_short" },
  { what: "nothing but guesses", evidence: enough, turns: turnOf(2, 30), code: "audio_quality_poor" },
  { what: "a sentence among guesses", evidence: enough, turns: turnOf(3, 30), code: undefined },
])("$what", ({ evidence, turns, code }) => {
  expect(judgeSpeech(evidence, turns)?.code).toBe(code);
});
