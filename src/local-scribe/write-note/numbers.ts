/**
 * Reads one number from spoken words: "one hundred and five", "one twenty", "ninety eight point six", "fifteen hundred".
 * Pure and without context; what may be written as a figure in a note is decided in figures.ts.
 */

const small = new Map(
  (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen " +
    "eighteen nineteen"
  )
    .split(" ")
    .map((word, value) => [word, value] as const),
);
const tens = new Map(
  "twenty thirty forty fifty sixty seventy eighty ninety".split(" ").map((word, at) => [word, 20 + at * 10] as const),
);
const ordinals = new Map(
  (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth " +
    "fifteenth sixteenth seventeenth eighteenth nineteenth"
  )
    .split(" ")
    .map((word, value) => [word, value] as const),
);
const tenthOrdinals = new Map(
  "twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth"
    .split(" ")
    .map((word, at) => [word, 20 + at * 10] as const),
);

/** A number read from `words[from..to]`; `value` keeps its decimals as said. */
export type ReadNumber = { value: string; to: number };
type Whole = { value: number; to: number };

/** The number that starts at `from`, as long as it goes; undefined when none starts there. */
export function readNumber(words: readonly string[], from: number): ReadNumber | undefined {
  if (/^\d+(?:\.\d+)?$/u.test(words[from] ?? "")) return { value: words[from] ?? "", to: from };
  const whole = readWhole(words, from);
  if (!whole) return undefined;
  const decimals = readDecimals(words, whole.to + 1);
  return decimals
    ? { value: `${whole.value}.${decimals.value}`, to: decimals.to }
    : { value: String(whole.value), to: whole.to };
}

/** An ordinal that starts at `from`: "fifth" is 5th, "twenty first" is 21st. First to third stay words. */
export function readOrdinal(words: readonly string[], from: number): ReadNumber | undefined {
  const [first, second] = [words[from] ?? "", words[from + 1] ?? ""];
  const ten = tens.get(first);
  const unit = ordinals.get(second) ?? 0;
  if (ten !== undefined && unit > 0 && unit < 10) return { value: withEnding(ten + unit), to: from + 1 };
  const alone = ordinals.get(first) ?? tenthOrdinals.get(first) ?? 0;
  return alone > 3 ? { value: withEnding(alone), to: from } : undefined;
}

/** Is this word a spoken number or part of one? */
export function isNumberWord(word: string): boolean {
  return small.has(word) || tens.has(word) || word === "hundred" || word === "thousand" || /^\d/u.test(word);
}

/** "forty-five" as two words; any other word as it is. */
export function splitNumberWord(word: string): string[] {
  const parts = word.split("-");
  return parts.length > 1 && parts.every((part) => isNumberWord(part) || ordinals.has(part)) ? parts : [word];
}

function readWhole(words: readonly string[], from: number): Whole | undefined {
  const first = readLead(words, from);
  if (!first || words[first.to + 1] !== "thousand") return first;
  const rest = readRest(words, first.to + 2, readBelowThousand);
  return rest
    ? { value: first.value * 1000 + rest.value, to: rest.to }
    : { value: first.value * 1000, to: first.to + 1 };
}

function readLead(words: readonly string[], from: number): Whole | undefined {
  return readHundreds(words, from) ?? readYear(words, from) ?? readHalves(words, from) ?? readBelowHundred(words, from);
}

function readBelowThousand(words: readonly string[], from: number): Whole | undefined {
  return readHundreds(words, from) ?? readBelowHundred(words, from);
}

/** "three hundred and five"; the "a" of "a hundred" counts as one, and so does that of "a thousand". */
function readHundreds(words: readonly string[], from: number): Whole | undefined {
  const next = words[from + 1];
  if (words[from] === "a" && next === "thousand") return { value: 1, to: from };
  const lead = words[from] === "a" ? { value: 1, to: from } : readBelowHundred(words, from);
  if (!lead || words[lead.to + 1] !== "hundred") return undefined;
  const rest = readRest(words, lead.to + 2, readBelowHundred);
  return rest ? { value: lead.value * 100 + rest.value, to: rest.to } : { value: lead.value * 100, to: lead.to + 1 };
}

function readRest(
  words: readonly string[],
  at: number,
  read: (words: readonly string[], from: number) => Whole | undefined,
): Whole | undefined {
  return read(words, words[at] === "and" ? at + 1 : at);
}

/** "one twenty", "one eighteen", "one oh five": a figure said as its first digit and the rest. */
function readHalves(words: readonly string[], from: number): Whole | undefined {
  const lead = digitOf(words[from]);
  if (lead === 0) return undefined;
  const isOh = words[from + 1] === "oh" || words[from + 1] === "o";
  const unit = isOh ? digitOf(words[from + 2]) : 0;
  if (isOh) return unit > 0 ? { value: lead * 100 + unit, to: from + 2 } : undefined;
  const rest = readBelowHundred(words, from + 1);
  if (!rest || rest.value < 10 || isScale(words[rest.to + 1])) return undefined;
  return { value: lead * 100 + rest.value, to: rest.to };
}

/** 1 to 9, or 0 for anything else. */
function digitOf(word: string | undefined): number {
  const value = small.get(word ?? "") ?? 0;
  return value < 10 ? value : 0;
}

function isScale(word: string | undefined): boolean {
  return word === "hundred" || word === "thousand";
}

/** "nineteen ninety five". Years after 2000 are left apart: "twenty thirty" may be two numbers. */
function readYear(words: readonly string[], from: number): Whole | undefined {
  if (words[from] !== "nineteen") return undefined;
  const rest = readBelowHundred(words, from + 1);
  return rest && rest.value >= 10 ? { value: 1900 + rest.value, to: rest.to } : undefined;
}

function readBelowHundred(words: readonly string[], from: number): Whole | undefined {
  const unit = small.get(words[from] ?? "");
  if (unit !== undefined) return { value: unit, to: from };
  const ten = tens.get(words[from] ?? "");
  if (ten === undefined) return undefined;
  const next = small.get(words[from + 1] ?? "");
  return next !== undefined && next > 0 && next < 10 ? { value: ten + next, to: from + 1 } : { value: ten, to: from };
}

/** A digit before one of these counts it: "ninety eight point six two weeks ago" is 98.6 and 2 weeks. */
const counted = new Set("day days week weeks month months year years hour hours minute minutes time times".split(" "));

/** The digits after "point", one by one ("one two") or as a pair ("twenty five"). */
function readDecimals(words: readonly string[], from: number): { value: string; to: number } | undefined {
  if (words[from] !== "point") return undefined;
  const pair = readBelowHundred(words, from + 1);
  if (pair && pair.value >= 10) return { value: String(pair.value), to: pair.to };
  let digits = "";
  let at = from + 1;
  for (let digit = digitAt(words[at]); digit !== undefined; digit = digitAt(words[at])) {
    if (digits !== "" && counted.has(words[at + 1] ?? "")) break;
    digits += digit;
    at += 1;
  }
  return digits === "" ? undefined : { value: digits, to: at - 1 };
}

function digitAt(word: string | undefined): string | undefined {
  if (word === "oh" || word === "o") return "0";
  const digit = small.get(word ?? "");
  return digit !== undefined && digit < 10 ? String(digit) : undefined;
}

function withEnding(value: number): string {
  const ending = value > 10 && value < 20 ? "th" : (["th", "st", "nd", "rd"][value % 10] ?? "th");
  return `${value}${ending}`;
}
