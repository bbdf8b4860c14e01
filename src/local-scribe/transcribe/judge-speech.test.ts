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
  ["no audio", { durationMs: 0, speechMs: 0, soundMs: 0 }, turnOf(0, 0), "audio_too_short"],
  ["silence", { durationMs: 20_000, speechMs: 0, soundMs: 0 }, turnOf(0, 0), "audio_too_short"],
  [
    "noise, whatever was heard in it",
    { durationMs: 20_000, speechMs: 0, soundMs: 20_000 },
    turnOf(9, 0),
    "audio_quality_poor",
  ],
  ["a word or two", enough, turnOf(2, 0), "audio_too_short"],
  ["nothing but guesses", enough, turnOf(2, 30), "audio_quality_poor"],
  ["a sentence among guesses", enough, turnOf(3, 30), undefined],
])("%s", (_name, evidence, turns, code) => {
  expect(judgeSpeech(evidence, turns)?.code).toBe(code);
});
