/**
 * Spoken numbers as the figures of a note: "one hundred fifty over ninety" is 150/90, "eighty one milligrams" 81 mg,
 * "ninety six percent" 96%. In and out: tokens. A number that touches a word the engine was unsure of may be only
 * part of what was said ("one hundred [fifty?]"), so it becomes unclear itself: half a dose is worse than none.
 */
import { list, wordAt } from "./lexicon/list.ts";
import { attachedUnits, countedThings, unitForms } from "./lexicon/units.ts";
import { isNumberWord, readNumber, readOrdinal } from "./numbers.ts";
import type { Token } from "./words.ts";
import { shown, unclearMark } from "./words.ts";

type Found = { value: string; to: number };

/** The tokens with every number as figures and units in their short form. */
export function withFigures(tokens: readonly Token[]): Token[] {
  return joinDigits(joinTimes(joinPressures(shortenUnits(writeNumbers(tokens)))));
}

/** Is this the figure of a number, such as 81, 98.6, 150/90 or 96%? */
export function isFigure(word: string): boolean {
  return /^\d+(?:\.\d+)?(?:\/\d+)?%?$/u.test(word);
}

function writeNumbers(tokens: readonly Token[]): Token[] {
  const words = tokens.map(shown);
  const written: Token[] = [];
  let at = 0;
  while (at < tokens.length) {
    const found = findNumber(words, at);
    const first = tokens[at];
    if (!first) break;
    if (!found) written.push(first);
    else written.push(figureToken(tokens, at, found));
    at = found ? found.to + 1 : at + 1;
    if (found && losesItsDecimals(words, at)) {
      written.push(...lostDecimals(tokens, at));
      at += 2;
    }
  }
  return written;
}

function findNumber(words: readonly string[], at: number): Found | undefined {
  const found = cutOffNumber(words, at) ?? readOrdinal(words, at) ?? readNumber(words, at);
  if (!found || (found.to === at && words[at] === "one" && !isCountingOne(words, at))) return undefined;
  return isCountOfDoses(words, at, found) ? readNumber(words.slice(0, at + 1), at) : found;
}

/** "[two?] hundred fifty": what is left of a number whose beginning was not understood. Its value is empty. */
function cutOffNumber(words: readonly string[], at: number): Found | undefined {
  if (!/^(?:hundred|thousand)$/u.test(words[at] ?? "") || words[at - 1] !== unclearMark) return undefined;
  const rest = readNumber(["one", ...words.slice(at)], 0);
  return { value: "", to: at - 1 + (rest?.to ?? 1) };
}

/** "two fifty milligram tablets" may be 250 or two of 50: the halves stay apart, as said. */
function isCountOfDoses(words: readonly string[], at: number, { value, to }: Found): boolean {
  const isHalves = /^(?:two|three|four|five|six|seven|eight|nine)$/u.test(words[at] ?? "") && to > at;
  const isForm = /^(?:tablet|pill|capsule)s?$/u.test(words[to + 2] ?? "");
  return isForm && isHalves && words[at + 1] !== "hundred" && /^\d{3}$/u.test(value);
}

const beforeOneDay = list("for in about than every after only over under least most take");

/** "one tablet", "one to two" are counts; "this one" and "one of them" are not. */
function isCountingOne(words: readonly string[], at: number): boolean {
  const [previous, next] = [wordAt(words, at - 1), wordAt(words, at + 1)];
  if (next === "day") return beforeOneDay.has(previous);
  if (countedThings.has(next) || unitForms.has(next)) return true;
  const isLower = isRangeWord(next) && isNumberWord(wordAt(words, at + 2));
  return isLower || (isRangeWord(previous) && isNumberWord(wordAt(words, at - 2)));
}

function isRangeWord(word: string): boolean {
  return word === "to" || word === "or";
}

function figureToken(tokens: readonly Token[], from: number, { value, to }: Found): Token {
  const [first, last] = [tokens[from], tokens[to]];
  if (!first || !last) throw new RangeError("a number outside its tokens");
  const isBroken = value === "" || isCutBefore(tokens, from) || isCutAfter(tokens, to);
  return { ...last, word: value, unclear: isBroken, pauseBefore: first.pauseBefore };
}

/** "[for?] fifty" may have been four fifty, "[for?] three" was no number. */
function isCutBefore(tokens: readonly Token[], from: number): boolean {
  const [previous, first] = [tokens[from - 1], tokens[from]];
  const isSmall = readNumber([first?.word ?? ""], 0)?.value.length === 1;
  if (isSmall && /^(?:for|to)$/u.test(previous?.word ?? "")) return false;
  return first?.pauseBefore === false && mayHideNumber(previous);
}

/** The number may go on in the next word, or after "one hundred and". */
function isCutAfter(tokens: readonly Token[], to: number): boolean {
  const [last, next] = [tokens[to], tokens[to + 1]];
  if (!last || !next || last.endsSentence) return false;
  if (next.word === "and" && last.word === "hundred") return tokens[to + 2]?.unclear === true;
  return !next.pauseBefore && mayHideNumber(next);
}

/** A word not understood beside a number, unless its guess is too unlike a number to hide one. */
function mayHideNumber(token: Token | undefined): boolean {
  if (!token?.unclear) return false;
  return !unitForms.has(token.word) && !countedThings.has(token.word) && !smallWords.has(token.word);
}

const smallWords = list(
  "a an the is was are at of in on about around over and with by your my his her it every times took take than up",
);

const soundsLikeDigit = list("to too for won ate oh sex tin");

/** "one hundred point for": a decimal was said and not understood. */
function losesItsDecimals(words: readonly string[], at: number): boolean {
  return words[at] === "point";
}

/** The point stays; what sounds like its digit is marked, and nothing else is swallowed. */
function lostDecimals(tokens: readonly Token[], at: number): Token[] {
  const point = tokens[at];
  const next = tokens[at + 1];
  if (!point) return [];
  const lost: Token = { ...point, word: "", unclear: true, endsSentence: false, asks: false };
  if (!next) return [point, lost];
  return soundsLikeDigit.has(next.word) ? [point, { ...next, unclear: true }] : [point, lost, next];
}

/** "81 milligrams" is 81 mg, "96 percent" is 96%; words of units without a number stay. */
function shortenUnits(tokens: readonly Token[]): Token[] {
  const short: Token[] = [];
  for (const token of tokens) {
    const previous = short.at(-1);
    const isMeasured = previous !== undefined && !token.unclear && isFigure(shown(previous));
    const form = isMeasured ? unitForms.get(token.word) : undefined;
    if (previous && isMeasured && attachedUnits.has(token.word))
      short[short.length - 1] = { ...token, word: `${previous.word}%`, pauseBefore: previous.pauseBefore };
    else short.push(form === undefined ? token : { ...token, word: form });
  }
  return short;
}

/** "150 over 90" as 150/90, where the figures can be a blood pressure. "10 over 2 weeks" is left alone. */
function joinPressures(tokens: readonly Token[]): Token[] {
  return joinThrees(tokens, ([systolic, over, diastolic]) => {
    const [upper, lower] = [Number(shown(systolic)), Number(shown(diastolic))];
    const canBe = upper >= 60 && upper <= 300 && lower >= 20 && lower <= 180 && upper > lower;
    return shown(over) === "over" && canBe ? `${upper}/${lower}` : undefined;
  });
}

/** "at 730" with am, pm or a part of the day after it is a time. */
function joinTimes(tokens: readonly Token[]): Token[] {
  return tokens.map((token, index) => {
    const time = /^(1[0-2]|[1-9])([0-5]\d)$/u.exec(shown(token));
    const after = tokens
      .slice(index + 1, index + 4)
      .map(shown)
      .join(" ");
    const isTime = time !== null && /^(?:[ap] ?\.?m\b|in the (?:morning|afternoon|evening)|tonight)/u.test(after);
    return isTime ? { ...token, word: `${time[1]}:${time[2]}` } : token;
  });
}

/** "nine one one": three or more digits said one by one are a number to call, 9-1-1. */
function joinDigits(tokens: readonly Token[]): Token[] {
  const joined: Token[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const run = digitRun(tokens, at);
    const last = tokens[at + run.length - 1] ?? tokens[at];
    if (last) joined.push(run.length < 3 ? (tokens[at] ?? last) : { ...last, word: run.join("-") });
    at += run.length < 3 ? 0 : run.length - 1;
  }
  return joined;
}

function digitRun(tokens: readonly Token[], from: number): string[] {
  const words = tokens.slice(from).map((token) => (shown(token) === "one" ? "1" : shown(token)));
  const end = words.findIndex((word) => !/^\d$/u.test(word));
  return end < 0 ? words : words.slice(0, end);
}

function joinThrees(
  tokens: readonly Token[],
  join: (three: readonly [Token, Token, Token]) => string | undefined,
): Token[] {
  const joined: Token[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const [first, second, third] = [tokens[at], tokens[at + 1], tokens[at + 2]];
    if (!first) break;
    const word = second && third ? join([first, second, third]) : undefined;
    if (word !== undefined && third) {
      joined.push({ ...third, word, pauseBefore: first.pauseBefore });
      at += 2;
    } else joined.push(first);
  }
  return joined;
}
