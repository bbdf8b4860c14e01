/**
 * Cuts words spoken without punctuation where one sentence ends and the next begins: where the engine wrote a full stop,
 * where the speaker paused before something that can open a sentence, or, without a pause, where a complete sentence is
 * followed by an unmistakable beginning. In: the tokens of a turn. Out: runs of them.
 */
import { joiners, leadIns, possessives, softJoiners, subordinators } from "./lexicon/grammar.ts";
import { isFiniteVerb } from "./lexicon/verbs.ts";
import { hasBeing, opensClearly, opensSoftly } from "./openings.ts";
import type { Token } from "./words.ts";
import { shown } from "./words.ts";

/** The sentences of a turn, as well as they can be told. */
export function cut(tokens: readonly Token[]): Token[][] {
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
  const [previous, token] = [tokens[at - 1], tokens[at]];
  if (!previous || !token) return false;
  if (previous.endsSentence) return true;
  if (token.pauseBefore) return isCutAtPause(tokens, at, piece);
  if (token.unclear || previous.unclear || isJoining(previous.word)) return false;
  return isComplete(piece) && opensClearly(tokens, at);
}

function isCutAtPause(tokens: readonly Token[], at: number, piece: readonly Token[]): boolean {
  const [previous, token] = [tokens[at - 1], tokens[at]];
  if (isStrandedBeforeReading(tokens, at)) return true;
  if (previous && !previous.unclear && joiners.has(previous.word)) return false;
  if (token?.unclear === true) return isCutBeforeUnclear(tokens, at, isComplete(piece));
  return !isWaitingForMain(piece) && opensSoftly(tokens, at);
}

function isJoining(word: string): boolean {
  return joiners.has(word) || softJoiners.has(word);
}

/** "... point for | your oxygen is": a word left hanging, a pause, and a whole new sentence. */
function isStrandedBeforeReading(tokens: readonly Token[], at: number): boolean {
  const [previous, token] = [tokens[at - 1], tokens[at]];
  if (!previous || !token || !/^(?:for|to|and|the|a)$/u.test(shown(previous))) return false;
  return possessives.has(shown(token)) && hasBeing(tokens, at);
}

/** A pause, words not understood, then a new beginning or enough that was: the words not understood belong to it. */
function isCutBeforeUnclear(tokens: readonly Token[], at: number, isComplete: boolean): boolean {
  const rest = tokens.slice(at);
  const clear = rest.findIndex((token) => !token.unclear);
  if (clear < 0) return false;
  if (opensSoftly(tokens, at + clear)) return true;
  const breath = rest.findIndex((token, index) => index > clear && token.pauseBefore);
  const heard = rest.slice(clear, breath < 0 ? rest.length : breath).filter((token) => !token.unclear);
  return isComplete && heard.length >= 3;
}

/** A verb is there, or it is a finding denied ("no fever"); after "if" or "when" it takes two verbs. */
function isComplete(piece: readonly Token[]): boolean {
  if (openingWord(piece) === "no" && piece.length > 1) return true;
  return verbsIn(piece) > 0 && !isWaitingForMain(piece);
}

/** "if it does not get better | we will": the sentence that was begun still needs its main part. */
function isWaitingForMain(piece: readonly Token[]): boolean {
  return subordinators.has(openingWord(piece)) && verbsIn(piece) < 2;
}

/** "does not get" is one verb. */
function verbsIn(piece: readonly Token[]): number {
  return piece.filter((token, at) => isFiniteVerb(shown(token)) && !isAfterAuxiliary(piece, at)).length;
}

function isAfterAuxiliary(piece: readonly Token[], at: number): boolean {
  const before = piece
    .slice(Math.max(0, at - 2), at)
    .map(shown)
    .join(" ");
  return /(?:do|does|did|can|could|will|would|should|must|may|might|cannot|to)(?: not)?$/u.test(before);
}

function openingWord(piece: readonly Token[]): string {
  return piece.map(shown).find((word) => !leadIns.has(word)) ?? "";
}
