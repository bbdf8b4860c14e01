/**
 * The words of a visit as the writer works on them. In: one turn as a speech engine gave it, with or without capitals,
 * punctuation and times. Out: plain lower-case tokens that still know where a breath was taken, where a sentence ended
 * and which words the engine was unsure of.
 */
import type { Turn, Word } from "#model/transcript.ts";
import { splitNumberWord } from "./numbers.ts";

export type Token = {
  /** Lower case, without punctuation. For an unclear word this is what the engine guessed: use `shown` for text. */
  word: string;
  unclear: boolean;
  /** The speaker paused before it. */
  pauseBefore: boolean;
  /** The engine wrote a full stop, question mark or exclamation mark after it. */
  endsSentence: boolean;
  /** The engine wrote a question mark after it. */
  asks: boolean;
};

export const unclearMark = "[unclear]";

/** A silence this long between two words is a breath; shorter ones are only the way sounds meet. */
const breathMs = 30;

const contractions = new Map(
  Object.entries({
    "i'm": "i am",
    "i've": "i have",
    "i'll": "i will",
    "we'll": "we will",
    "we're": "we are",
    "we've": "we have",
    "you'll": "you will",
    "you've": "you have",
    "can't": "cannot",
    "won't": "will not",
    "shan't": "shall not",
  }),
);

/** What may be written of a token: the word, or the mark that it was not understood. */
export function shown(token: Token): string {
  return token.unclear ? unclearMark : token.word;
}

/** The tokens as one string, unclear words as `[unclear]`. */
export function textOf(tokens: readonly Token[]): string {
  return tokens.map(shown).join(" ");
}

/** The words of a turn, cleaned; noises and silences are gone. */
export function tokensOf(turn: Turn): Token[] {
  return turn.words.flatMap((word, index) => toTokens(word, turn.words[index - 1]));
}

function toTokens(word: Word, previous: Word | undefined): Token[] {
  const raw = word.text.trim().toLowerCase().replaceAll("’", "'");
  if (/^(?:<.*>|\[.*\]|\+\+.*\+\+)$/u.test(raw)) return [];
  const end = endOf(raw);
  const parts = plainWords(raw);
  return parts.map((part, index) => ({
    word: part,
    unclear: word.unclear,
    pauseBefore: index === 0 && hasBreath(previous, word),
    endsSentence: index === parts.length - 1 && end !== undefined,
    asks: index === parts.length - 1 && end === "?",
  }));
}

function endOf(raw: string): string | undefined {
  if (/^(?:dr|mr|mrs|ms|vs|st)\.$/u.test(raw)) return undefined;
  return /([.!?])["')]*$/u.exec(raw)?.[1];
}

/** Alternate pronunciations "to(3)", punctuation and contractions removed; "forty-five" is two words. */
function plainWords(raw: string): string[] {
  const bare = raw.replace(/\(\d+\)$/u, "").replaceAll(/^[^\p{L}\p{N}.]+|[^\p{L}\p{N}%]+$/gu, "");
  const plain = bare.replace(/^\.(?!\d)/u, "").replace(/(?<=\d),(?=\d{3})/u, "");
  if (plain === "") return [];
  const whole = contractions.get(plain) ?? plain.replace(/^(\p{L}+)n't$/u, "$1 not");
  return whole.split(" ").flatMap(splitNumberWord).flatMap(splitDose);
}

/** "81mg" is a number and a unit. */
function splitDose(word: string): string[] {
  const dose = /^(\d+(?:\.\d+)?)(mg|mcg|ml|g|kg|cm|mm|%)$/u.exec(word);
  return dose?.[1] !== undefined && dose[2] !== undefined ? [dose[1], dose[2]] : [word];
}

/** A pause in time, or one the engine wrote as a comma. */
function hasBreath(previous: Word | undefined, word: Word): boolean {
  if (previous && /[,;:]$/u.test(previous.text)) return true;
  if (previous === undefined || previous.endMs === null || word.startMs === null) return false;
  return word.startMs - previous.endMs >= breathMs;
}
