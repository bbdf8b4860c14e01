/** Reads the parts of a medication order from its words (lower case, figures written). What was not said is null. */
import type { Medication } from "#model/note.ts";
import { wordAt } from "./lexicon/list.ts";
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
  const doses = words.flatMap((_, at) => doseAt(words, at));
  const target = words.includes("from") ? doses.slice(-1) : doses;
  return target.length === 0 ? null : [...new Set(target)].join(", ");
}

/** A figure with its unit, and the lower end of a range ("1 to 2 tablets"). */
function doseAt(words: readonly string[], at: number): string[] {
  const [word, unit, previous] = [wordAt(words, at), wordAt(words, at + 1), wordAt(words, at - 1)];
  if (!isFigure(word) || !doseForms.has(unit) || isFigure(previous) || previous === "point") return [];
  const lower = words.includes("from") ? "" : lowerEnd(words, at);
  return [`${lower}${word} ${unit}`];
}

function lowerEnd(words: readonly string[], at: number): string {
  const [first, between] = [wordAt(words, at - 2), wordAt(words, at - 1)];
  return isFigure(first) && (between === "to" || between === "or") ? `${first} ${between} ` : "";
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

/** What may stand between the verb and the medicine: "stop taking the", "increase your dose of". */
const between = String.raw`(?:\s+(?:taking|using|giving|the|your|her|his|a|an|on|with|to|dose|of|you|her|him|this|that|old|new|evening|morning|daily|current))*$`;

const verbs: readonly (readonly [Exclude<Medication["action"], null>, string])[] = [
  ["stop", "stop|discontinue|quit|come off"],
  ["hold", "hold"],
  ["increase", "increased?|raise"],
  ["decrease", "decreased?|reduced?|lower|cut down|cut back|taper"],
  ["continue", "continue|keep|stay|carry on"],
  ["start", "start|begin"],
];
const actions = verbs.map(([action, verb]) => ({ action, pattern: new RegExp(`\\b(?:${verb})${between}`, "u") }));

/** What is to be done with the medicine named next: the verb that leads to it. "Do not stop" is no order to stop. */
export function actionIn(before: string): Medication["action"] {
  const found = actions.find(({ pattern }) => pattern.test(before));
  if (!found) return null;
  return /\b(?:not|don't|never)\s+(?:\w+\s+)?(?:stop|start|hold|increase|decrease|quit)\b/u.test(before)
    ? null
    : found.action;
}

function joined(matches: Iterable<RegExpExecArray>, between: string): string | null {
  const all = [...new Set([...matches].map(([text]) => text))];
  return all.length === 0 ? null : all.join(between);
}
