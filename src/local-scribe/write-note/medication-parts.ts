/** Reads the parts of a medication order from its words (lower case, figures written). What was not said is null. */
import type { Medication } from "#model/note.ts";
import { doseForms } from "./lexicon/units.ts";
import { isFigure } from "./figures.ts";

const number = String.raw`\d+(?:\.\d+)?(?:\s+(?:to|or)\s+\d+)?`;
const times = `(?:once|twice|${number}\\s+times?)`;
const period = "(?:day|week|night|month|morning|evening)";
const frequency = new RegExp(
  [
    `${times}\\s+(?:a|an|per|each|every)\\s+${period}`,
    `${times}\\s+daily`,
    `(?:almost\\s+)?(?:every|each)\\s+(?:${number}\\s+(?:hour|day|week|month)s?|other\\s+day|${period}|hour|afternoon|bedtime)`,
    "daily|nightly|weekly",
    "at\\s+(?:bedtime|night)|before\\s+bed|in\\s+the\\s+(?:morning|evening|afternoon)",
    "as\\s+needed|when\\s+needed|when\\s+you\\s+need\\s+it",
  ].join("|"),
  "gu",
);

/** "81 mg", "2 tablets", "500 mg, 2 tablets"; of "from 10 mg to 20 mg" the second. */
export function dosageIn(words: readonly string[]): string | null {
  const doses: string[] = [];
  for (const [at, word] of words.entries()) {
    const unit = words[at + 1] ?? "";
    if (!isFigure(word) || !doseForms.has(unit) || hasLooseNeighbour(words, at)) continue;
    const range = /^(?:to|or)$/u.test(words[at - 1] ?? "") && isFigure(words[at - 2] ?? "");
    doses.push(range ? `${words[at - 2]} ${words[at - 1]} ${word} ${unit}` : `${word} ${unit}`);
    if (words[at - 1] === "to" && words.includes("from")) doses.splice(0, doses.length - 1);
  }
  return doses.length === 0 ? null : [...new Set(doses)].join(", ");
}

/** A figure right before another, or before a word not understood: which of them is the dose is not known. */
function hasLooseNeighbour(words: readonly string[], at: number): boolean {
  const previous = words[at - 1] ?? "";
  return isFigure(previous) || previous === "point" || (previous === "[unclear]" && words[at - 2] === "point");
}

/** "3 times a day", "every 6 hours as needed". */
export function frequencyIn(text: string): string | null {
  return joined(text.matchAll(frequency), " ");
}

/** By which way, as said. */
export function routeIn(text: string): string | null {
  const route =
    /\b(?:by mouth|orally|under the tongue|on the skin|under the skin|into the muscle|by injection|inhaled|in (?:the|your|each|both|her|his) (?:(?:left|right) )?(?:ears?|eyes?|nostrils?|nose))\b/u;
  return route.exec(text)?.[0] ?? null;
}

const instructions = new RegExp(
  [
    "(?:with|after|before|without)\\s+(?:food|meals|water|breakfast|lunch|dinner|supper|milk|eating|each\\s+meal)",
    "on\\s+an\\s+empty\\s+stomach",
    `for\\s+(?:${number}|a)\\s+(?:more\\s+)?(?:day|week|month)s?`,
    "for\\s+(?:the\\s+|your\\s+|her\\s+|his\\s+)?(?:pain|fever|headaches?|cough|itching|nausea|sleep|swelling|allergies)",
    "until\\s+(?:it\\s+is|they\\s+are|you)\\s+\\w+(?:\\s+\\w+){0,3}",
  ].join("|"),
  "gu",
);

/** With food, for how long, for what. */
export function instructionsIn(text: string): string | null {
  return joined(text.matchAll(instructions), ", ");
}

const actions: readonly (readonly [Exclude<Medication["action"], null>, RegExp])[] = [
  ["stop", /\b(?:stop|discontinue|quit|come off)\b/gu],
  ["hold", /\bhold\b/gu],
  ["increase", /\b(?:increased?|raise)\b/gu],
  ["decrease", /\b(?:decreased?|reduced?|lower|cut down|cut back|taper)\b/gu],
  ["continue", /\b(?:continue|keep taking|keep using|stay on|keep on)\b/gu],
  ["start", /\b(?:start|begin)\b/gu],
];

/** What is to be done with the medicine named next: the last such verb before it. "Do not stop" is no order to stop. */
export function actionIn(before: string): Medication["action"] {
  if (/\b(?:do not|don't|never|not)\s+(?:\w+\s+)?(?:stop|start|hold|increase|decrease|quit)\b/u.test(before))
    return null;
  const said = actions.flatMap(([action, pattern]) =>
    [...before.matchAll(pattern)].map((match) => ({ action, at: match.index })),
  );
  return said.sort((a, b) => b.at - a.at)[0]?.action ?? null;
}

function joined(matches: Iterable<RegExpExecArray>, between: string): string | null {
  const all = [...new Set([...matches].map(([text]) => text))];
  return all.length === 0 ? null : all.join(between);
}
