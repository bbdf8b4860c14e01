/** Tells questions from statements by the order of their words, for speech without question marks. */
import type { Clause } from "./clauses.ts";
import { contentOf, wordsOf } from "./clauses.ts";
import { auxiliaries, possessives, pronouns, questionWords } from "./lexicon/grammar.ts";
import { list, wordAt } from "./lexicon/list.ts";
import { imperatives, isFiniteVerb } from "./lexicon/verbs.ts";

/** Openers that invite a whole story: the answer needs no topic. */
const opening =
  /^(?:how can i help|how may i help|what can i do|what brings|what seems|what is (?:wrong|the matter|the problem|going on)|what is bothering|what happened|how (?:have|has|are|is) (?:you|he|she|it|things|everything) (?:been|doing|feeling|going)|tell me|can you tell me|could you tell me|describe)\b/u;
const openAnywhere =
  /\b(?:what brings|(?:how|what) can i|(?:(?:are|is) (?:you|he|she|it|things) (?:feeling|doing|going)|(?:have|has) (?:you|he|she|it|things) been)(?: since (?:your |the )?last (?:visit|time)| today| lately)?$)/u;
const degree = /\bhow (?:bad|much|many|long|often|old|far|severe)\b/u;
const anywhere =
  /\b(?:how (?:bad|much|many|long|often|old|far|severe) (?:is|are|do|does|did|have|has|was|were|would)|would you say|have you been|do you have|do you feel|are you (?:taking|having|allergic))\b/u;
const noise = list("and then so but like just though now well or the also");
const subjects = new Set([
  ...pronouns,
  ...possessives,
  ..."the that this there any anything anyone these those".split(" "),
]);

/** Does the clause ask? By its mark, or by the order of its words. */
export function isQuestion(clause: Clause): boolean {
  if (clause.asks || opening.test(clause.text) || openAnywhere.test(clause.text)) return true;
  if (/^(?:any|anything|anyone|what about|how about)\b/u.test(clause.text)) return true;
  if (/^(?:if|because)\b|^when (?!(?:do|does|did|was|were|is|are|have|has|should|can|will)\b)/u.test(clause.text))
    return false;
  if (anywhere.test(clause.text)) return true;
  const words = wordsOf(clause);
  const first = words.findIndex((word) => !noise.has(word));
  return first >= 0 && first <= 2 && asksFrom(words.slice(first));
}

/** "What brings you in", "how are you": the answer tells it all. */
export function isOpenQuestion(question: Clause): boolean {
  return opening.test(question.text) || openAnywhere.test(question.text);
}

/** Wh-questions are not answered by yes or no. */
export function isYesNoQuestion(question: Clause): boolean {
  const first = wordsOf(question).find((word) => !noise.has(word)) ?? "";
  return !questionWords.has(first) && !degree.test(question.text);
}

/** "Should I stop the aspirin": the clinician answers. */
export function isAskedByPatient(question: Clause): boolean {
  if (question.speaker === "patient") return true;
  return /\b(?:i|my|me)\b/u.test(question.text) && !/\b(?:you|your)\b/u.test(question.text);
}

/**
 * Not in the form of a question, but the next turn answers it: said to "you" or without a verb, and a yes or a no follows,
 * or nothing that was understood. However it was heard, it must not stand in the note as a fact.
 */
export function isAskedByItsAnswer(clause: Clause, next: Clause): boolean {
  const isLikely = mayAsk.test(clause.text);
  if (!soundsLikeAnswer(next, isLikely) || statesSomething.test(clause.text)) return false;
  return isLikely || isLooseFragment(clause);
}

/** "[any] chest pain", "just like bother you": said to "you" or without a verb, and no order. */
function isLooseFragment(clause: Clause): boolean {
  const words = wordsOf(clause);
  if (words.length < 2 || imperatives.has(wordAt(words, 0))) return false;
  return /\byour?\b/u.test(clause.text) || !words.some((word) => isFiniteVerb(word));
}

/** "[will] I need surgery", and the next turn: "no, you will not need surgery". The patient asked, however it was heard. */
export function isDeniedBy(clause: Clause, reply: readonly Clause[]): boolean {
  const text = reply.map((part) => part.text).join(" ");
  if (!/^(?:no|nope) (?:you|it|that|we)\b.*\bnot\b/u.test(text) || !isAskedByPatient(clause)) return false;
  const answered = new Set(reply.flatMap(contentOf));
  return contentOf(clause).some((word) => answered.has(word));
}

const statesSomething = /^(?:no|not|please)\b|\b(?:i|my|me|should|need|want|must|will)\b|\d|^your\b.*\b(?:is|are)\b/u;

/** The asking word itself was not understood: "[has?] she had a fever". */
const mayAsk =
  /^\[unclear\] (?:(?:you|he|she|they|it|any) |(?:\S+ ){0,2}(?:have|has|do|does|did|are|is|was|were|can|could) (?:you|he|she|they|it|your|the|there) )/u;

function soundsLikeAnswer(next: Clause, isLikely: boolean): boolean {
  if (/^(?:yes|yeah|yep|no|nope|not really|not at all)\b/u.test(next.text)) return true;
  if (next.tokens.every((token) => token.unclear)) return true;
  return isLikely && !wordsOf(next).some((word) => isFiniteVerb(word));
}

function asksFrom(words: readonly string[]): boolean {
  const [word, next] = [wordAt(words, 0), wordAt(words, 1)];
  if (/^(?:how|why|who|whose|which)$/u.test(word)) return true;
  if (/^(?:what|where|when)$/u.test(word))
    return isFiniteVerb(next) || [next, wordAt(words, 2)].some((verb) => auxiliaries.has(verb));
  if (!auxiliaries.has(word) || next === "not" || next === "") return false;
  return subjects.has(next) || (/^(?:does|did|is|are|was|were|has|do)$/u.test(word) && !isFiniteVerb(next));
}
