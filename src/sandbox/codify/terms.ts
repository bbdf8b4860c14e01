/** Which words of a note the sandbox gives which code for: a small table, no judgement. */
import type { CodeSuggestions } from "#model/code-suggestion.ts";

type Term = { words: RegExp; code: string; description: string; confidence: number };

const terms: readonly Term[] = [
  {
    words: /\bhypertension\b|\bhigh blood pressure\b/iu,
    code: "I10",
    description: "Essential (primary) hypertension",
    confidence: 95.2,
  },
  { words: /\bchest pain\b/iu, code: "R07.9", description: "Chest pain, unspecified", confidence: 88 },
  { words: /\bangina\b/iu, code: "I20.9", description: "Angina pectoris, unspecified", confidence: 74.5 },
  {
    words: /\bshort(?:ness)? of breath\b|\bdyspn(?:o)?ea\b/iu,
    code: "R06.02",
    description: "Shortness of breath",
    confidence: 81.3,
  },
  {
    words: /\bright knee\b.*\b(?:pain|hurts?|sore)\b|\b(?:pain|sore)\b.*\bright knee\b/iu,
    code: "M25.561",
    description: "Pain in right knee",
    confidence: 90.1,
  },
  {
    words: /\bknee\b.*\bswollen\b|\bswollen\b.*\bknee\b/iu,
    code: "M25.461",
    description: "Effusion, right knee",
    confidence: 58,
  },
  {
    words: /\bbroken\b|\bfracture\b/iu,
    code: "T14.8",
    description: "Injury of unspecified body region",
    confidence: 41,
  },
  {
    words: /\ballerg\w*\b.*\bpenicillin\b|\bpenicillin\b.*\ballerg/iu,
    code: "Z88.0",
    description: "Allergy status to penicillin",
    confidence: 97,
  },
  {
    words: /\btype (?:2|two|II) diabetes\b|\bdiabetes\b.*\btype (?:2|two|II)\b/iu,
    code: "E11.9",
    description: "Type 2 diabetes mellitus without complications",
    confidence: 94,
  },
  {
    words: /\bbronchitis\b/iu,
    code: "J40",
    description: "Bronchitis, not specified as acute or chronic",
    confidence: 86,
  },
  { words: /\basthma\b/iu, code: "J45.909", description: "Unspecified asthma, uncomplicated", confidence: 89 },
  { words: /\bcough\b/iu, code: "R05.9", description: "Cough, unspecified", confidence: 68.4 },
  { words: /\bfever\b/iu, code: "R50.9", description: "Fever, unspecified", confidence: 66 },
  { words: /\bheadache\b/iu, code: "R51.9", description: "Headache, unspecified", confidence: 72 },
];

const denied = /\b(?:no|not|denies|denied|without|never)\b|n['’]t\b/iu;

/** A term in a sentence that denies it is discarded; the first sentence that says it counts. */
export function codesIn(note: string, runId: string): CodeSuggestions {
  const sentences = note.split(/(?<=[.!?])\s+|\n+/u).filter((sentence) => sentence.trim() !== "");
  const found = terms.flatMap(({ words, ...term }) => {
    const saying = sentences.filter((sentence) => words.test(sentence));
    const sentence = saying.find((one) => !denied.test(one)) ?? saying[0];
    return sentence === undefined ? [] : [{ ...term, sentence: sentence.trim(), isDenied: denied.test(sentence) }];
  });
  const told = found.map(({ sentence, isDenied, ...term }) => ({
    isDenied,
    suggestion: {
      ...term,
      justification: `The note says “${sentence}”${isDenied ? ", which denies it" : ""} (sandbox: a table of words, no judgement).`,
    },
  }));
  return {
    suggested: told.filter(({ isDenied }) => !isDenied).map(({ suggestion }) => suggestion),
    discarded: told.filter(({ isDenied }) => isDenied).map(({ suggestion }) => suggestion),
    runId,
  };
}
