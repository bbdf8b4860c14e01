/** A transcript that is one text, as turns: lines "Doctor: ..." and "Patient: ..." (MedScribeAlliance §8.4), without times. */
import type { Speaker, Transcript, Turn, Word } from "#model/transcript.ts";

export function transcriptOfText(text: string, language: string | null): Transcript {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return { turns: lines.map(turnOfLine), language };
}

const speakers: Record<string, Speaker> = {
  doctor: "clinician",
  clinician: "clinician",
  physician: "clinician",
  provider: "clinician",
  nurse: "clinician",
  patient: "patient",
};

/** A name we do not know stays part of the text. */
function turnOfLine(line: string, index: number): Turn {
  const label = /^\s*([A-Za-z]+)\s*:\s*/u.exec(line);
  const name = label?.[1]?.toLowerCase() ?? "";
  const speaker = Object.hasOwn(speakers, name) ? speakers[name] : undefined;
  const text = label && speaker ? line.slice(label[0].length) : line;
  return { id: `line-${index}`, speaker: speaker ?? "unknown", startMs: null, endMs: null, words: wordsOf(text) };
}

function wordsOf(text: string): Word[] {
  const words = text.split(/\s+/u).filter((word) => word !== "");
  return words.map((word) => ({ text: word, startMs: null, endMs: null, confidence: null, unclear: false }));
}
