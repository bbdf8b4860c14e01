/**
 * Cuts what was said without a breath of punctuation into clauses, one thought each. In: a turn. Out: clauses with their
 * figures written, politeness and lead-in words removed. A cut is made where the engine wrote a full stop, where a pause
 * stands before something that can open a sentence, or where a complete clause is followed by a clear new beginning.
 */
import type { Speaker, Turn } from "#model/transcript.ts";
import { isFigure, withFigures } from "./figures.ts";
import {
  auxiliaries,
  courtesies,
  greetings,
  joiners,
  leadIns,
  possessives,
  pronouns,
  questionWords,
  softJoiners,
  subordinators,
} from "./lexicon/grammar.ts";
import { list } from "./lexicon/list.ts";
import { imperatives, isFiniteVerb, nounImperatives, plainImperatives } from "./lexicon/verbs.ts";
import { isNumberWord } from "./numbers.ts";
import type { Token } from "./words.ts";
import { shown, textOf, tokensOf } from "./words.ts";

export type Clause = {
  turnId: string;
  speaker: Speaker;
  tokens: Token[];
  /** The tokens as text, lower case, unclear words as `[unclear]`. */
  text: string;
  /** The engine wrote a question mark. */
  asks: boolean;
};

/** The clauses of a turn in order; none for a turn of mere politeness. */
export function clausesOf(turn: Turn): Clause[] {
  const pieces = cut(tokensOf(turn));
  return pieces.flatMap((tokens) => {
    const asks = tokens.at(-1)?.asks ?? false;
    const kept = withFigures(withoutCourtesy(tokens));
    // A whole turn not understood may still have been an answer.
    if (kept.length === 0 || (pieces.length > 1 && kept.every((token) => token.unclear))) return [];
    return [{ turnId: turn.id, speaker: turn.speaker, tokens: kept, text: textOf(kept), asks }];
  });
}

/** A clause with some of its tokens. */
export function clauseWith(clause: Clause, tokens: Token[]): Clause {
  return { ...clause, tokens, text: textOf(tokens) };
}

function cut(tokens: readonly Token[]): Token[][] {
  const pieces: Token[][] = [];
  let piece: Token[] = [];
  for (const [at, token] of tokens.entries()) {
    if (piece.length > 0 && isCut(tokens, at, piece)) {
      pieces.push(piece);
      piece = [];
    }
    piece.push(token);
  }
  return piece.length > 0 ? [...pieces, piece] : pieces;
}

function isCut(tokens: readonly Token[], at: number, piece: readonly Token[]): boolean {
  const previous = tokens[at - 1];
  const token = tokens[at];
  if (!previous || !token) return false;
  if (previous.endsSentence) return true;
  if (token.pauseBefore && isUnclearRunBeforeOpening(tokens, at)) return isComplete(piece);
  if (token.pauseBefore && isStrandedBeforeReading(tokens, at)) return true;
  if (token.unclear || joinsOn(previous, token.pauseBefore)) return false;
  if (token.pauseBefore) return opensSoftly(tokens, at) || (isYesNo(piece) && opensClause(tokens, at));
  return isComplete(piece) && opensClearly(tokens, at);
}

/** Does the sentence go on after this word? */
function joinsOn(previous: Token, hasPause: boolean): boolean {
  if (hasPause) return !previous.unclear && joiners.has(previous.word);
  return previous.unclear || joiners.has(previous.word) || softJoiners.has(previous.word);
}

/** "... point for | your oxygen is": a preposition left hanging, a pause, and a whole new sentence. */
function isStrandedBeforeReading(tokens: readonly Token[], at: number): boolean {
  if (!/^(?:for|to|and|the|a)$/u.test(wordAt(tokens, at - 1))) return false;
  return possessives.has(wordAt(tokens, at)) && hasBeing(tokens, at);
}

/** A pause, words not understood, then enough that was: the words not understood belong to what follows. */
function isUnclearRunBeforeOpening(tokens: readonly Token[], at: number): boolean {
  const rest = tokens.slice(at);
  const clear = rest.findIndex((token) => !token.unclear);
  if (clear < 1) return false;
  const breath = rest.findIndex((token, index) => index > clear && token.pauseBefore);
  const heard = rest.slice(clear, breath < 0 ? rest.length : breath).filter((token) => !token.unclear);
  return heard.length >= 3 || opensSoftly(tokens, at + clear);
}

const yesNo = /^(?:yes|yeah|yep|no|nope|okay|well|now|\s)+$/u;

function isYesNo(piece: readonly Token[]): boolean {
  return yesNo.test(textOf(piece));
}

function wordAt(tokens: readonly Token[], at: number): string {
  const token = tokens[at];
  return token ? shown(token) : "";
}

/** A verb is there, or it is a finding denied ("no fever"); after "if" or "when" it takes two verbs. */
function isComplete(piece: readonly Token[]): boolean {
  const words = piece.map(shown);
  const first = words.find((word) => !leadIns.has(word)) ?? "";
  const verbs = words.filter((word) => isFiniteVerb(word)).length;
  if (first === "no" && words.length > 1) return true;
  return verbs >= (subordinators.has(first) ? 2 : 1);
}

/** After a pause: anything that can begin a sentence. */
function opensSoftly(tokens: readonly Token[], at: number): boolean {
  const word = wordAt(tokens, at);
  const next = wordAt(tokens, at + 1);
  if (/^(?:that's|there's|it's|he's|she's|let's|i'd|you're|they're|don't|please|there|this|no)$/u.test(word))
    return true;
  if (pronouns.has(word) || possessives.has(word) || questionWords.has(word)) return true;
  if (word === "the") return tokens.slice(at + 1, at + 6).some((token) => isFiniteVerb(shown(token)));
  if (auxiliaries.has(word)) return pronouns.has(next) || possessives.has(next) || next === "the" || next === "not";
  if (/^(?:um|uh|eh|ah|oh|okay|well|so|then|also|but)$/u.test(word)) return next !== "" && opensSoftly(tokens, at + 1);
  return opensOrder(word, next) || opensReading(tokens, at) || opensFigure(tokens, at);
}

/** "post is seventy two" after a pause: some reading, whatever its name was heard as. */
function opensFigure(tokens: readonly Token[], at: number): boolean {
  return /^(?:is|was)$/u.test(wordAt(tokens, at + 1)) && isNumberWord(wordAt(tokens, at + 2));
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

function opensClause(tokens: readonly Token[], at: number): boolean {
  return opensSoftly(tokens, at) || /^(?:but|because|and)$/u.test(wordAt(tokens, at));
}

/** Without a pause: a pronoun with its verb, "your lungs are", a plain order, "do not", a reading. */
function opensClearly(tokens: readonly Token[], at: number): boolean {
  const word = wordAt(tokens, at);
  const next = wordAt(tokens, at + 1);
  if (/^[b-hj-z]$/u.test(wordAt(tokens, at - 1))) return false;
  if (word === "you") return /^(?:have|are|should|need|can|will|must|may|do)$/u.test(next);
  if (pronouns.has(word)) return isFiniteVerb(next);
  if (possessives.has(word) || word === "the") return hasBeing(tokens, at);
  if (word === "do" || word === "please") return next === "not" || word === "please";
  if (word === "there" || word === "this" || word === "that") return /^(?:is|are|was|were|looks)$/u.test(next);
  return word === "it's" || word === "let's" || isPlainOrder(tokens, at) || opensReading(tokens, at);
}

/** "... throat take aspirin", but not "do you take" or "I heard take". */
function isPlainOrder(tokens: readonly Token[], at: number): boolean {
  const previous = wordAt(tokens, at - 1);
  if (!plainImperatives.has(wordAt(tokens, at)) || wordAt(tokens, at + 1) === "") return false;
  return !pronouns.has(previous) && !isFiniteVerb(previous) && !leadIns.has(previous);
}

/** "your heart rate is": one to three words and a form of "be" or an appearance. */
function hasBeing(tokens: readonly Token[], at: number): boolean {
  return tokens
    .slice(at + 2, at + 6)
    .some(
      (token, index, few) => isBeing(shown(token)) && !few.slice(0, index).some((other) => joiners.has(other.word)),
    );
}

function isBeing(word: string): boolean {
  return /^(?:is|are|was|were|looks?|sounds?|feels?|shows?|seems?|hurts?)$/u.test(word);
}

/** "pulse is", "temperature is": a measurement opens a new sentence. */
function opensReading(tokens: readonly Token[], at: number): boolean {
  const words = tokens
    .slice(at, at + 4)
    .map(shown)
    .join(" ");
  return /^(?:blood pressure|pulse|heart rate|temperature|oxygen(?: saturation| level)?|weight|respirations|respiratory rate)(?: today)? (?:is|was)\b/u.test(
    words,
  );
}

/** Greetings, thanks and lead-in words come off the front, again and again. */
function withoutCourtesy(tokens: Token[]): Token[] {
  const words = tokens.map(shown);
  const text = words.join(" ");
  if (courtesies.has(text)) return [];
  const greeting = longestFirst.find((polite) => text === polite || text.startsWith(`${polite} `));
  if (greeting !== undefined) return withoutCourtesy(tokens.slice(greeting.split(" ").length));
  return leadIns.has(words[0] ?? "") ? withoutCourtesy(tokens.slice(1)) : tokens;
}

const longestFirst = [...greetings].sort((a, b) => b.length - a.length);
