/**
 * Questions joined with their answers. In: clauses in order. Out: statements for the note: a plain clause, or an answer
 * under the topic of its question ("Allergic to any medicine: no."). A question alone states nothing and is left out; a
 * short answer never stands without what was asked, so that a "no" keeps its place.
 */
import type { Clause } from "./clauses.ts";
import { clauseWith, contentOf, wordsOf } from "./clauses.ts";
import { emptyWords, noWords, possessives, pronouns, yesWords } from "./lexicon/grammar.ts";
import { list, wordAt } from "./lexicon/list.ts";
import { imperatives, isFiniteVerb } from "./lexicon/verbs.ts";
import {
  isAskedByItsAnswer,
  isAskedByPatient,
  isDeniedBy,
  isOpenQuestion,
  isQuestion,
  isYesNoQuestion,
} from "./questions.ts";

/** "unclear": something was answered, and what it was is not known. */
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
  for (let at = 0; at < clauses.length; at += 1) {
    const clause = clauses[at];
    const next = clauses[at + 1];
    if (!clause) break;
    if (!asks(clauses, at)) {
      statements.push({ clause: withoutAgreement(clause), answers: isAfterAnswer(statements.at(-1), clause) });
    } else if (next && !isQuestion(next)) {
      const answer = readAnswer(clause, next, clauses[at + 2]);
      statements.push(...answer.statements);
      at += answer.clauses;
    }
  }
  return statements;
}

/** By its own words, or by the words of the turn that follows. */
function asks(clauses: readonly Clause[], at: number): boolean {
  const [clause, next] = [clauses[at], clauses[at + 1]];
  if (!clause || isQuestion(clause)) return clause !== undefined;
  if (!next || next.turnId === clause.turnId) return false;
  const reply = clauses.slice(at + 1, at + 4).filter((other) => other.turnId === next.turnId);
  return isAskedByItsAnswer(clause, next) || isDeniedBy(clause, reply);
}

function isAfterAnswer(last: Statement | undefined, clause: Clause): boolean {
  return last?.answers === true && last.clause.turnId === clause.turnId;
}

type Answer = { polarity: Polarity | undefined; clause: Clause };

/** The answer in its first clause, and in the second where the first is only a "yes" ("yes | ten units at bedtime"). */
function readAnswer(
  question: Clause,
  first: Clause,
  second: Clause | undefined,
): { statements: Statement[]; clauses: number } {
  const isUnheard = isYesNoQuestion(question) && isUnheardAnswer(first);
  const answer: Answer = isUnheard ? { polarity: "unclear", clause: clauseWith(first, []) } : splitPolarity(first);
  const isBare = answer.polarity !== undefined && answer.clause.tokens.length === 0;
  if (!isBare || !second || !isContinuation(first, second))
    return { statements: toStatements(question, answer), clauses: 1 };
  return { statements: toStatements(question, { ...answer, clause: second }), clauses: 2 };
}

function toStatements(question: Clause, { polarity, clause }: Answer): Statement[] {
  const answers = !isAskedByPatient(question);
  const hasTopic = contentOf(question).length > 0 && !isOpenQuestion(question);
  if (clause.tokens.length > 0) {
    const isWhole = !hasTopic || !answers || standsAlone(clause, question, polarity);
    return [isWhole ? { clause, answers } : { clause, question, ...(polarity && { polarity }), answers }];
  }
  return hasTopic && polarity && isYesNoQuestion(question) ? [{ clause, question, polarity, answers }] : [];
}

/** The same turn goes on about the same thing: a fragment, or a sentence about "it". */
function isContinuation(first: Clause, second: Clause): boolean {
  if (second.turnId !== first.turnId || isQuestion(second)) return false;
  if (contentOf(second).length === 0) return true;
  const opener = wordsOf(second)[0] ?? "";
  return !sentenceOpeners.has(opener) || opener === "it" || opener === "they";
}

/** One or two words that are neither yes nor no nor anything clinical ("now"): what was answered is not known. */
function isUnheardAnswer(clause: Clause): boolean {
  if (clause.tokens.every((token) => token.unclear)) return true;
  if (/\b(?:not|no|never|yes|yeah|yep|yup|okay)\b/u.test(clause.text) || yesWords.has(clause.text)) return false;
  return clause.tokens.length <= 2 && clause.tokens.every((token) => token.unclear || emptyWords.has(token.word));
}

/** Takes "yes" or a bare "no" off the front; the "no" of "no fever" stays with its fever. */
function splitPolarity(clause: Clause): Answer {
  const [first = "", second] = wordsOf(clause);
  const rest = clause.tokens.slice(1);
  const isAddress = /^(?:doctor|dr|sir|ma'am|thank you|thanks)$/u.test(wordsOf(clause).slice(1).join(" "));
  const after = clauseWith(clause, isAddress ? [] : rest);
  if (yesWords.has(first)) return { polarity: "yes", clause: after };
  if (noWords.has(first) && (second === undefined || opensAfterNo(second))) return { polarity: "no", clause: after };
  return { polarity: undefined, clause };
}

const afterNo = list(
  "but not never no it's just only the there that that's doctor dr sir thank thanks because nothing",
);

function opensAfterNo(word: string): boolean {
  return pronouns.has(word) || possessives.has(word) || afterNo.has(word);
}

const sentenceOpeners = new Set([...pronouns, ...possessives, "the", "there"]);
const negations = list("not no never none nothing cannot");

/** Says in full what it means: a sentence with its own subject, an order, or the very thing that was asked, denied. */
function standsAlone(clause: Clause, question: Clause, polarity: Polarity | undefined): boolean {
  const words = wordsOf(clause);
  const first = wordAt(words, 0);
  if (polarity !== undefined) return isSentence(words) && repeatsIt(words, polarity) && isAbout(clause, question);
  if (first === "no") return isAbout(clause, question);
  if (isOrder(words)) return true;
  return isSentence(words) && contentOf(clause).length > 0 && !leansOnQuestion(clause, question);
}

/** "I stopped it", to "are you taking your water pill": without the question nobody knows what "it" is. */
function leansOnQuestion(clause: Clause, question: Clause): boolean {
  const words = wordsOf(clause);
  if (!isYesNoQuestion(question) || !words.some((word) => word === "it" || word === "them")) return false;
  return words[0] === "it" || !isAbout(clause, question);
}

function isSentence(words: readonly string[]): boolean {
  return sentenceOpeners.has(wordAt(words, 0)) && words.some((word) => isFiniteVerb(word));
}

function isOrder(words: readonly string[]): boolean {
  return words.length > 1 && (words[0] === "please" || imperatives.has(wordAt(words, 0)));
}

/** The sentence says the yes or the no once more, so that taking it off loses nothing. */
function repeatsIt(words: readonly string[], polarity: Polarity): boolean {
  if (polarity === "unclear") return false;
  const isNegated = words.some((word) => negations.has(word));
  return polarity === "no" ? isNegated : words[0] !== "it";
}

function isAbout(clause: Clause, question: Clause): boolean {
  const asked = contentOf(question);
  return contentOf(clause).some((word) => asked.some((other) => isAlike(word, other)));
}

function isAlike(word: string, other: string): boolean {
  return word === other || word.replace(/(?:ing|s)$/u, "") === other.replace(/(?:ing|e|s)$/u, "");
}

/** A "yes" or a "no" that answers nothing we heard: dropped where the sentence says it again. */
function withoutAgreement(clause: Clause): Clause {
  const { polarity, clause: rest } = splitPolarity(clause);
  const isSaidAgain = polarity === "yes" || wordsOf(rest).some((word) => negations.has(word));
  if (polarity === undefined || !isSaidAgain || rest.tokens.length < 2) return clause;
  return wordsOf(rest)[0] === "and" ? clauseWith(rest, rest.tokens.slice(1)) : rest;
}
