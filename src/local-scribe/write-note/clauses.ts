/**
 * A turn as clauses, one thought each. In: a turn as the speech engine gave it. Out: clauses in order, with their
 * figures written and with greetings, thanks and lead-in words removed; none for a turn of mere politeness.
 */
import type { Speaker, Turn } from "#model/transcript.ts";
import { cut } from "./cut.ts";
import { withFigures } from "./figures.ts";
import { courtesies, emptyWords, greetings, leadIns } from "./lexicon/grammar.ts";
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

/** The clauses of a turn. A whole turn that was not understood stays as one: it may have been an answer. */
export function clausesOf(turn: Turn): Clause[] {
  const pieces = cut(tokensOf(turn));
  return pieces.flatMap((piece) => {
    const tokens = withFigures(withoutCourtesy(piece));
    const isNothing = tokens.length === 0 || (pieces.length > 1 && tokens.every((token) => token.unclear));
    if (isNothing) return [];
    const asks = piece.at(-1)?.asks ?? false;
    return [{ turnId: turn.id, speaker: turn.speaker, tokens, text: textOf(tokens), asks }];
  });
}

/** The same clause with some of its tokens. */
export function clauseWith(clause: Clause, tokens: Token[]): Clause {
  return { ...clause, tokens, text: textOf(tokens) };
}

/** The words of a clause as they may be shown. */
export function wordsOf(clause: Clause): string[] {
  return clause.tokens.map(shown);
}

/** The words of a clause that mean something by themselves and were understood. */
export function contentOf(clause: Clause): string[] {
  return clause.tokens.filter((token) => !token.unclear && !emptyWords.has(token.word)).map((token) => token.word);
}

const longestFirst = [...greetings].sort((a, b) => b.length - a.length);

/** Greetings, thanks and lead-in words come off the front, again and again. */
function withoutCourtesy(tokens: Token[]): Token[] {
  const text = textOf(tokens);
  if (courtesies.has(text)) return [];
  const greeting = longestFirst.find((polite) => text === polite || text.startsWith(`${polite} `));
  if (greeting !== undefined) return withoutCourtesy(tokens.slice(greeting.split(" ").length));
  const thanks = / (?:thank you(?: so much| very much)?|thanks)(?: (?:doctor|dr|sir|ma'am))?$/u.exec(text)?.[0] ?? "";
  if (thanks !== "") return withoutCourtesy(tokens.slice(0, -(thanks.split(" ").length - 1)));
  const first = tokens[0];
  return first && leadIns.has(shown(first)) ? withoutCourtesy(tokens.slice(1)) : tokens;
}
