/** Tells whether a sentence can begin, or must begin, at a place in a run of words. */
import { isFigure } from "./figures.ts";
import { auxiliaries, joiners, leadIns, possessives, pronouns, questionWords } from "./lexicon/grammar.ts";
import { list } from "./lexicon/list.ts";
import { imperatives, isFiniteVerb, nounImperatives, plainImperatives } from "./lexicon/verbs.ts";
import { isNumberWord } from "./numbers.ts";
import type { Token } from "./words.ts";
import { shown } from "./words.ts";

const alwaysOpen = new Set([
  ...pronouns,
  ...questionWords,
  ..."that's there's it's he's she's let's i'd you're they're please there this no".split(" "),
]);
const fillers = list("um uh eh ah oh okay well so then also but");

/** After a pause: anything that can begin a sentence. */
export function opensSoftly(tokens: readonly Token[], at: number): boolean {
  const [word, next] = [wordAt(tokens, at), wordAt(tokens, at + 1)];
  if (alwaysOpen.has(word)) return true;
  if (possessives.has(word) || word === "the") return hasVerbSoon(tokens, at);
  if (auxiliaries.has(word)) return isSubjectStart(next) || next === "not";
  if (fillers.has(word)) return next !== "" && opensSoftly(tokens, at + 1);
  return opensOrder(word, next) || opensReading(tokens, at);
}

/** Without a pause: a pronoun with its verb, "your lungs are", a plain order, "do not", a reading. */
export function opensClearly(tokens: readonly Token[], at: number): boolean {
  const [word, next] = [wordAt(tokens, at), wordAt(tokens, at + 1)];
  if (/^[b-hj-z]$/u.test(wordAt(tokens, at - 1))) return false;
  if (pronouns.has(word)) return word === "you" ? youVerbs.has(next) : isFiniteVerb(next);
  if (possessives.has(word) || word === "the") return hasBeing(tokens, at);
  if (word === "do") return next === "not";
  if (thereWords.has(word)) return /^(?:is|are|was|were|looks)$/u.test(next);
  return clearOpeners.has(word) || isPlainOrder(tokens, at) || opensReading(tokens, at);
}

const youVerbs = list("have are should need can will must may do");
const thereWords = list("there this that");
const clearOpeners = list("it's let's please");

/** "your heart rate is": one to three words and a form of "be" or an appearance. */
export function hasBeing(tokens: readonly Token[], at: number): boolean {
  const words = tokens.slice(at + 2, at + 6).map(shown);
  const being = words.findIndex((word) =>
    /^(?:is|are|was|were|looks?|sounds?|feels?|shows?|seems?|hurts?)$/u.test(word),
  );
  return being >= 0 && !words.slice(0, being).some((word) => joiners.has(word));
}

/** "my stomach hurts", "the rash is": a noun with its verb. "your sugar" after "check" has none. */
function hasVerbSoon(tokens: readonly Token[], at: number): boolean {
  return tokens.slice(at + 1, at + 6).some((token) => isFiniteVerb(shown(token)));
}

function isSubjectStart(word: string): boolean {
  return pronouns.has(word) || possessives.has(word) || word === "the" || word === "there";
}

/** "Use the cream" opens an order; "test today" after "blood" does not. */
function opensOrder(word: string, next: string): boolean {
  if (!imperatives.has(word)) return false;
  return !nounImperatives.has(word) || objectOpeners.has(next) || isFigure(next) || isNumberWord(next);
}

const objectOpeners = list(`
a an the this that these it your him her them no less more plenty lots some any every each as at for in on off with to up
down back away from not us me
`);

/** "... throat take aspirin", but not "do you take" or "I heard take". */
function isPlainOrder(tokens: readonly Token[], at: number): boolean {
  const previous = wordAt(tokens, at - 1);
  if (!plainImperatives.has(wordAt(tokens, at)) || wordAt(tokens, at + 1) === "") return false;
  return !pronouns.has(previous) && !isFiniteVerb(previous) && !leadIns.has(previous);
}

const reading =
  /^(?:blood pressure|pulse|heart rate|temperature|oxygen(?: saturation| level)?|weight|respirations|respiratory rate)(?: today)? (?:is|was|\d)/u;

/** "pulse is", "temperature is"; and "post is seventy two": some reading, whatever its name was heard as. */
function opensReading(tokens: readonly Token[], at: number): boolean {
  const words = tokens.slice(at, at + 5).map(shown);
  const isFigureNext =
    tokens[at]?.pauseBefore === true && /^(?:is|was)$/u.test(words[1] ?? "") && isNumberWord(words[2] ?? "");
  return isFigureNext || reading.test(words.join(" "));
}

function wordAt(tokens: readonly Token[], at: number): string {
  const token = tokens[at];
  return token ? shown(token) : "";
}
