import { array, assert, boolean, integer, property, record } from "fast-check";
import { expect, test } from "vitest";
import { readNumber, readOrdinal } from "./numbers.ts";

const small =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );
const tens = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split(" ");

/** Words for a number, in one of the ways people say it. */
function spoken(value: number, style: { and: boolean; aHundred: boolean }): string {
  if (value < 20) return small[value]!;
  if (value < 100) return value % 10 === 0 ? tens[value / 10]! : `${tens[Math.floor(value / 10)]} ${small[value % 10]}`;
  const scale = value < 1000 ? 100 : 1000;
  const lead = Math.floor(value / scale);
  const head = `${lead === 1 && style.aHundred ? "a" : spoken(lead, style)} ${scale === 100 ? "hundred" : "thousand"}`;
  const rest = value % scale;
  if (rest === 0) return head;
  return `${head}${style.and && rest < 100 ? " and" : ""} ${spoken(rest, { ...style, aHundred: false })}`;
}

const styles = record({ and: boolean(), aHundred: boolean() });

function read(text: string): string | undefined {
  const words = text.split(" ");
  const number = readNumber(words, 0);
  return number?.to === words.length - 1 ? number.value : undefined;
}

test("every number from 0 to 9999 comes back from its words, however it is said", () => {
  assert(
    property(integer({ min: 0, max: 9999 }), styles, (value, style) => {
      expect(read(spoken(value, style))).toBe(String(value));
    }),
    { numRuns: 3000 },
  );
});

test("a number ends where the next one begins", () => {
  assert(
    property(integer({ min: 0, max: 999 }), integer({ min: 0, max: 999 }), styles, (first, second, style) => {
      const words = `${spoken(first, style)} over ${spoken(second, style)}`.split(" ");
      const left = readNumber(words, 0);
      const right = readNumber(words, words.indexOf("over") + 1);
      expect([left?.value, right?.value]).toEqual([String(first), String(second)]);
    }),
  );
});

test("decimals keep their digits as said", () => {
  assert(
    property(
      integer({ min: 0, max: 9999 }),
      array(integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 3 }),
      styles,
      (whole, digits, style) => {
        const said = `${spoken(whole, style)} point ${digits.map((digit) => small[digit]).join(" ")}`;
        expect(read(said)).toBe(`${whole}.${digits.join("")}`);
      },
    ),
  );
});

test("a figure said in two halves", () => {
  assert(
    property(integer({ min: 1, max: 9 }), integer({ min: 10, max: 99 }), (lead, rest) => {
      expect(read(`${small[lead]} ${spoken(rest, { and: false, aHundred: false })}`)).toBe(String(lead * 100 + rest));
    }),
  );
});

test.each([
  ["one twenty", "120"],
  ["one oh five", "105"],
  ["a hundred and five", "105"],
  ["fifteen hundred", "1500"],
  ["nineteen ninety five", "1995"],
  ["ninety eight point six", "98.6"],
  ["a hundred point four", "100.4"],
  ["zero point twenty five", "0.25"],
  ["two hundred thousand", "200000"],
  ["150", "150"],
  ["98.6", "98.6"],
])("%s is %s", (said, value) => {
  expect(read(said)).toBe(value);
});

test.each(["hundred", "point five", "a", "and five", "of"])("no number starts with %s", (said) => {
  expect(readNumber(said.split(" "), 0)).toBeUndefined();
});

test("a digit that counts something is no decimal", () => {
  expect(readNumber("ninety eight point six two weeks ago".split(" "), 0)).toEqual({ value: "98.6", to: 3 });
});

test.each([
  ["fourth", "4th"],
  ["eleventh", "11th"],
  ["twenty first", "21st"],
  ["thirty second", "32nd"],
  ["twelfth", "12th"],
  ["thirtieth", "30th"],
])("%s is %s", (said, value) => {
  expect(readOrdinal(said.split(" "), 0)?.value).toBe(value);
});

test.each(["first", "second", "third", "five"])("%s stays a word", (said) => {
  expect(readOrdinal([said], 0)).toBeUndefined();
});
