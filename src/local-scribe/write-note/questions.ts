/**
 * Questions and their answers. In: clauses in order. Out: statements for the note: a plain clause, or an answer under the
 * topic of its question ("Allergic to any medicine: no."). A question alone states nothing and is left out; a short
 * answer never stands without what was asked, so that a "no" keeps its place.
 */
import type { Clause } from "./clauses.ts";
import { clauseWith } from "./clauses.ts";
import { auxiliaries, emptyWords, noWords, possessives, pronouns, questionWords, yesWords } from "./lexicon/grammar.ts";
import { imperatives, isFiniteVerb } from "./lexicon/verbs.ts";
import { shown } from "./words.ts";

export type Polarity = "yes" | "no" | "unclear";

export type Statement = {
  clause: Clause;
  /** What had been asked, when the answer does not say it itself. */
  question?: Clause;
  /** A bare "yes" or "no" at the front of the answer, already taken off its clause. */
  polarity?: Polarity;
  /** In the turn right after a question: most likely the patient speaks. */
  answers: boolean;
};

/** Joins questions with their answers; everything else passes. */
export function pairAnswers(clauses: readonly Clause[]): Statement[] {
  const statements: Statement[] = [];
  let at = 0;
  while (at < clauses.length) {
    const clause = clauses[at];
    if (!clause) break;
    const next = clauses[at + 1];
    const isAsked = isQuestion(clause) || (next !== undefined && isAskedByItsAnswer(clause, next));
    if (!isAsked) {
      statements.push({ clause: withoutAgreement(clause), answers: isAfterQuestion(statements, clauses, at) });
      at += 1;
    } else if (next && !isQuestion(next)) {
      const answer = readAnswer(clause, clauses, at + 1);
      statements.push(...answer.statements);
      at = answer.next;
    } else at += 1;
  }
  return statements;
}

const opening =
  /^(?:how can i help|how may i help|what can i do|what brings|what seems|what is (?:wrong|the matter|the problem|going on)|what is bothering|what happened|how (?:have|has|are|is) (?:you|he|she|it|things|everything) (?:been|doing|feeling|going)|tell me|can you tell me|could you tell me|describe)/u;
const anywhere =
  /\b(?:how (?:bad|much|many|long|often|old|far|severe) (?:is|are|do|does|did|have|has|was|were|would)|would you say|have you been|do you have|do you feel|are you (?:taking|having|allergic))\b/u;
const noise = new Set("and then so but like just though now well or the also".split(" "));

/** Does the clause ask? By its mark, or by the order of its words. */
export function isQuestion(clause: Clause): boolean {
  if (clause.asks || opening.test(clause.text) || /^(?:any|anything|anyone|what about|how about)\b/u.test(clause.text))
    return true;
  if (
    /^(?:if|when|because)\b/u.test(clause.text) &&
    !/^when (?:do|does|did|was|were|is|are|have|has|should|can|will)\b/u.test(clause.text)
  )
    return false;
  if (anywhere.test(clause.text)) return true;
  const words = clause.tokens.map(shown);
  const first = words.findIndex((word) => !noise.has(word));
  return first >= 0 && first <= 2 && asksFrom(words, first);
}

const subjects = new Set([
  ...pronouns,
  ...possessives,
  "the",
  "that",
  "this",
  "there",
  "any",
  "anything",
  "anyone",
  "these",
  "those",
]);

function asksFrom(words: readonly string[], at: number): boolean {
  const [word, next, third] = [words[at] ?? "", words[at + 1] ?? "", words[at + 2] ?? ""];
  if (/^(?:how|why|who|whose|which)$/u.test(word)) return true;
  if (word === "what" || word === "where" || word === "when")
    return auxiliaries.has(next) || isFiniteVerb(next) || auxiliaries.has(third);
  if (!auxiliaries.has(word) || next === "not" || next === "") return false;
  return subjects.has(next) || (isAskingVerb(word) && !isFiniteVerb(next) && auxiliaries.has(word));
}

function isAskingVerb(word: string): boolean {
  return /^(?:does|did|is|are|was|were|has|do)$/u.test(word);
}

/** Said to "you" or without a verb, and the next turn opens with a yes or a no: a question, however it was heard. */
function isAskedByItsAnswer(clause: Clause, next: Clause): boolean {
  if (next.turnId === clause.turnId || !soundsLikeAnswer(next, mayAsk.test(clause.text))) return false;
  if (/^(?:no|not|please)\b|\b(?:i|my|me|should|need|want|must|will)\b|\d|^your\b.*\b(?:is|are)\b/u.test(clause.text))
    return false;
  const words = clause.tokens.map(shown);
  if (mayAsk.test(clause.text)) return true;
  if (words.length < 2 || imperatives.has(words[0] ?? "")) return false;
  return /\b(?:you|your)\b/u.test(clause.text) || !words.some((word) => isFiniteVerb(word));
}

/** The asking word itself was not understood: "[has?] she had a fever". */
const mayAsk =
  /^\[unclear\] (?:(?:you|he|she|they|it|any) |(?:\S+ ){0,2}(?:have|has|do|does|did|are|is|was|were|can|could) (?:you|he|she|they|it|your|the|there) )/u;

/** A yes or a no in front, nothing understood at all, or, where a question is likely, no sentence. */
function soundsLikeAnswer(next: Clause, isLikely: boolean): boolean {
  if (/^(?:yes|yeah|yep|no|nope|not really|not at all)\b/u.test(next.text)) return true;
  if (next.tokens.every((token) => token.unclear)) return true;
  return isLikely && !next.tokens.some((token) => isFiniteVerb(shown(token)));
}

function isAfterQuestion(statements: readonly Statement[], clauses: readonly Clause[], at: number): boolean {
  const last = statements.at(-1);
  return last?.answers === true && last.clause.turnId === clauses[at]?.turnId;
}

/** Everything in the answering turn that belongs to the answer's first words. */
function readAnswer(
  question: Clause,
  clauses: readonly Clause[],
  from: number,
): { statements: Statement[]; next: number } {
  const first = clauses[from];
  if (!first) return { statements: [], next: from };
  const { polarity, rest } = splitPolarity(first);
  const following = clauses[from + 1];
  const isUnheard = polarity === undefined && isYesNoQuestion(question) && isUnheardAnswer(first);
  const isBare = isUnheard || (polarity !== undefined && rest.tokens.length === 0);
  const goesOn = isBare && following !== undefined && isContinuation(first, following);
  const clause = goesOn ? following : isUnheard ? clauseWith(first, []) : rest;
  const said = isUnheard ? "unclear" : polarity;
  return { statements: toStatements(question, clause, said), next: goesOn ? from + 2 : from + 1 };
}

function isContinuation(first: Clause, following: Clause): boolean {
  if (following.turnId !== first.turnId || isQuestion(following)) return false;
  const opener = following.text.split(" ")[0] ?? "";
  return !sentenceOpeners.has(opener) || /^(?:it|they)$/u.test(opener);
}

function toStatements(question: Clause, clause: Clause, polarity: Polarity | undefined): Statement[] {
  const isEmpty = clause.tokens.length === 0;
  if (isOpen(question)) return isEmpty ? [] : [{ clause, answers: true }];
  if (isAskedByPatient(question))
    return isEmpty
      ? [{ clause, question, ...(polarity && { polarity }), answers: false }]
      : [{ clause, answers: false }];
  if (!isEmpty && standsAlone(clause, question, polarity)) return [{ clause, answers: true }];
  if (isEmpty && (polarity === undefined || !isYesNoQuestion(question))) return [];
  return [{ clause, question, ...(polarity === undefined ? {} : { polarity }), answers: true }];
}

function isOpen(question: Clause): boolean {
  const asksWell =
    /\b(?:(?:are|is) (?:you|he|she|it|things) (?:feeling|doing|going)|(?:have|has) (?:you|he|she|it|things) been)(?: since (?:your |the )?last (?:visit|time)| today| lately)?$/u;
  return (
    opening.test(question.text) || asksWell.test(question.text) || /\b(?:what brings|how can i)\b/u.test(question.text)
  );
}

/** "Should I stop the aspirin": the clinician answers. */
export function isAskedByPatient(question: Clause): boolean {
  return (
    question.speaker === "patient" ||
    (/\b(?:i|my|me)\b/u.test(question.text) && !/\b(?:you|your)\b/u.test(question.text))
  );
}

/** Wh-questions are not answered by yes or no. */
export function isYesNoQuestion(question: Clause): boolean {
  const words = question.tokens.map(shown).filter((word) => !noise.has(word));
  return !questionWords.has(words[0] ?? "") && !anywhereOpen.test(question.text);
}

const anywhereOpen = /\bhow (?:bad|much|many|long|often|old|far|severe)\b/u;

/** One or two words that are neither yes nor no nor anything clinical ("now"): what was answered is not known. */
function isUnheardAnswer(clause: Clause): boolean {
  if (clause.tokens.every((token) => token.unclear)) return true;
  return (
    !/\b(?:not|no|never)\b/u.test(clause.text) &&
    clause.tokens.length <= 2 &&
    clause.tokens.every((token) => token.unclear || emptyWords.has(token.word))
  );
}

/** Takes "yes" or a bare "no" off the front; the "no" of "no fever" stays with its fever. */
function splitPolarity(clause: Clause): { polarity: Polarity | undefined; rest: Clause } {
  const words = clause.tokens.map(shown);
  const [first, second] = [words[0] ?? "", words[1]];
  const phrase =
    /^(?:not really|not at all|not that i know of|i do not think so|i don't think so|i think so|of course)\b/u.exec(
      clause.text,
    );
  if (phrase && phrase[0] !== "of course" && phrase[0] !== "i think so") return { polarity: undefined, rest: clause };
  if (yesWords.has(first)) return { polarity: "yes", rest: clauseWith(clause, withoutDoctor(clause, 1)) };
  const isBareNo = noWords.has(first) && (second === undefined || isNewStart(second));
  if (isBareNo) return { polarity: "no", rest: clauseWith(clause, withoutDoctor(clause, 1)) };
  return { polarity: undefined, rest: clause };
}

function withoutDoctor(clause: Clause, from: number): Clause["tokens"] {
  const rest = clause.tokens.slice(from);
  return /^(?:doctor|dr|sir|ma'am|thank you|thanks)$/u.test(rest.map(shown).join(" ")) ? [] : rest;
}

function isNewStart(word: string): boolean {
  return (
    pronouns.has(word) ||
    possessives.has(word) ||
    /^(?:but|not|never|no|it's|just|only|the|there|that|that's|doctor|dr|sir|thank|thanks|because|nothing)$/u.test(word)
  );
}

/** A "yes" or a "no" that answers nothing we heard: dropped where the sentence says it again. */
function withoutAgreement(clause: Clause): Clause {
  const { polarity, rest } = splitPolarity(clause);
  const isSaidAgain = polarity === "yes" || rest.tokens.some((token) => negations.has(shown(token)));
  if (polarity === undefined || !isSaidAgain || rest.tokens.length < 2) return clause;
  return rest.tokens[0]?.word === "and" ? clauseWith(rest, rest.tokens.slice(1)) : rest;
}

/** Says in full what it means: a sentence with its own subject, or the very thing that was asked, denied. */
function standsAlone(clause: Clause, question: Clause, polarity: Polarity | undefined): boolean {
  const words = clause.tokens.map(shown);
  const first = words[0] ?? "";
  const asked = contentOf(question);
  const shares = contentOf(clause).some((word) => asked.some((other) => isAlike(word, other)));
  const isSentence = sentenceOpeners.has(first) && words.some((word) => isFiniteVerb(word));
  if (polarity === "no") return isSentence && shares && words.some((word) => negations.has(word));
  if (polarity === "unclear") return false;
  if (polarity === "yes") return isSentence && shares && first !== "it";
  if (first === "no") return shares;
  if (isOrder(words)) return true;
  return isSentence && (first !== "it" || !isYesNoQuestion(question));
}

const sentenceOpeners = new Set([...pronouns, ...possessives, "the", "there"]);
const negations = new Set("not no never none nothing cannot".split(" "));

function isOrder(words: readonly string[]): boolean {
  return words.length > 1 && (words[0] === "please" || imperatives.has(words[0] ?? ""));
}

function isAlike(word: string, other: string): boolean {
  return word === other || word.replace(/(?:ing|s)$/u, "") === other.replace(/(?:ing|e|s)$/u, "");
}

function contentOf(clause: Clause): string[] {
  return clause.tokens.filter((token) => !token.unclear && !emptyWords.has(token.word)).map((token) => token.word);
}
