/**
 * Reads numbers as people say them, for checking a note against what was said. On purpose it shares nothing with the
 * scribe's own reading of numbers: two parsers that agree prove something, one parser used twice does not.
 */

const small = new Map(
  (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen " +
    "seventeen eighteen nineteen"
  )
    .split(" ")
    .map((word, value) => [word, value] as const),
);
const tens = new Map(
  "twenty thirty forty fifty sixty seventy eighty ninety".split(" ").map((word, at) => [word, (at + 2) * 10] as const),
);

/** A number found in `words[from..to]`, inclusive. */
export type SpokenNumber = { value: string; from: number; to: number };

/** Every number in a run of lower-case words: "one hundred fifty" is 150, "one fifty" too, "ninety eight point six" is 98.6. */
export function spokenNumbers(words: readonly string[]): SpokenNumber[] {
  const found: SpokenNumber[] = [];
  let at = 0;
  while (at < words.length) {
    const number = readNumber(words, at);
    if (number) found.push(number);
    at = number ? number.to + 1 : at + 1;
  }
  return found;
}

function readNumber(words: readonly string[], from: number): SpokenNumber | undefined {
  const digits = /^\d+(?:\.\d+)?$/.exec(words[from] ?? "");
  if (digits) return { value: String(Number(digits[0])), from, to: from };
  const whole = readWhole(words, from);
  if (!whole) return undefined;
  const decimals = readDecimals(words, whole.to + 1);
  const value = decimals ? `${whole.value}.${decimals.digits}` : String(whole.value);
  return { value: String(Number(value)), from, to: decimals?.to ?? whole.to };
}

type Whole = { value: number; to: number };

function readWhole(words: readonly string[], from: number): Whole | undefined {
  const first = readBelowThousand(words, from);
  if (!first) return undefined;
  if (words[first.to + 1] !== "thousand") return first;
  const start = words[first.to + 2] === "and" ? first.to + 3 : first.to + 2;
  const rest = readBelowThousand(words, start);
  return rest
    ? { value: first.value * 1000 + rest.value, to: rest.to }
    : { value: first.value * 1000, to: first.to + 1 };
}

function readBelowThousand(words: readonly string[], from: number): Whole | undefined {
  const isHundredOf = words[from] === "a" && words[from + 1] === "hundred";
  const lead = isHundredOf ? { value: 1, to: from } : readBelowHundred(words, from);
  if (!lead) return undefined;
  return words[lead.to + 1] === "hundred" ? readHundreds(words, lead) : readHalves(words, from, lead);
}

function readHundreds(words: readonly string[], lead: Whole): Whole {
  const start = words[lead.to + 2] === "and" ? lead.to + 3 : lead.to + 2;
  const rest = readBelowHundred(words, start);
  return { value: lead.value * 100 + (rest?.value ?? 0), to: rest?.to ?? lead.to + 1 };
}

/** "one fifty", "one twenty two", "one oh five": a figure said in two halves. */
function readHalves(words: readonly string[], from: number, lead: Whole): Whole {
  if (lead.to !== from || lead.value < 1 || lead.value > 9) return lead;
  const half = readAfterOh(words, from + 1) ?? readBelowHundred(words, from + 1);
  const isHalf = half !== undefined && (half.value >= 10 || half.to > from + 1);
  return isHalf ? { value: lead.value * 100 + half.value, to: half.to } : lead;
}

function readAfterOh(words: readonly string[], from: number): Whole | undefined {
  const digit = words[from] === "oh" || words[from] === "o" ? small.get(words[from + 1] ?? "") : undefined;
  return digit !== undefined && digit < 10 ? { value: digit, to: from + 1 } : undefined;
}

function readBelowHundred(words: readonly string[], from: number): Whole | undefined {
  const unit = small.get(words[from] ?? "");
  if (unit !== undefined) return { value: unit, to: from };
  const ten = tens.get(words[from] ?? "");
  if (ten === undefined) return undefined;
  const next = small.get(words[from + 1] ?? "");
  return next !== undefined && next > 0 && next < 10 ? { value: ten + next, to: from + 1 } : { value: ten, to: from };
}

function readDecimals(words: readonly string[], from: number): { digits: string; to: number } | undefined {
  if (words[from] !== "point") return undefined;
  let digits = "";
  let at = from + 1;
  for (let digit = small.get(words[at] ?? ""); digit !== undefined && digit < 10; digit = small.get(words[at] ?? "")) {
    digits += String(digit);
    at += 1;
  }
  return digits === "" ? undefined : { digits, to: at - 1 };
}

/** Is this word part of a spoken number? */
export function isNumberWord(word: string): boolean {
  return small.has(word) || tens.has(word) || word === "hundred" || word === "thousand" || /^\d/.test(word);
}
