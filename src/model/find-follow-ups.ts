/** Finds in a plan the sentences that ask the patient to come back, with the interval they name. Any scribe's wording, figures or words. */
import type { FollowUpRequest } from "./follow-up.ts";
import { Interval } from "./follow-up.ts";
import { splitSentences } from "./note.ts";
import { spokenNumbers } from "./spoken-numbers.ts";
import { wordsOf } from "./terms.ts";

const asksBack =
  /\b(?:follow[\s-]?up|come\s+back|return(?:\s+visit)?|recheck|re-check|see\s+(?:me|us|you|him|her)|back\s+in|revisit|check\s+back|next\s+visit|reassess|appointment)\b/iu;
const onlyIf = /\b(?:if|unless|as needed|prn)\b/iu;
/** The follow-ups a plan asks for, in its order, at most five. A sentence without an interval asks for nothing bookable. */
export function findFollowUps(plan: string): FollowUpRequest[] {
  return splitSentences("plan", plan)
    .flatMap(({ text }) => toRequest(text))
    .slice(0, 5);
}

function toRequest(sentence: string): FollowUpRequest[] {
  if (!asksBack.test(sentence) || (onlyIf.test(sentence) && !/\bfollow/iu.test(sentence))) return [];
  const interval = intervalIn(sentence);
  return interval ? [{ sentence: sentence.slice(0, 500), interval, reason: reasonIn(sentence) }] : [];
}

/** "in two weeks", "6-month", "a week", "one year" (12 months). Of several, the one said with "in". "2 to 3 weeks" is 3. */
export function intervalIn(sentence: string): Interval | undefined {
  const words = wordsOf(sentence);
  const numbers = spokenNumbers(words);
  const found = words.flatMap((word, index) => {
    const number = numbers.find(({ to }) => to === index - 1);
    const interval = toInterval(number ? Number(number.value) : countIn(words[index - 1]), word);
    return interval ? [{ interval, isDue: words[(number?.from ?? index - 1) - 1] === "in" }] : [];
  });
  return (found.find(({ isDue }) => isDue) ?? found.at(-1))?.interval;
}

function countIn(word: string | undefined): number | undefined {
  return word === "a" || word === "next" ? 1 : undefined;
}

function toInterval(count: number | undefined, unit: string): Interval | undefined {
  const singular = unit.replace(/s$/u, "");
  const interval = singular === "year" ? { count: (count ?? 0) * 12, unit: "month" } : { count, unit: singular };
  const parsed = Interval.safeParse(interval);
  return parsed.success ? parsed.data : undefined;
}

/** What for: the words after "for" or "to check", without the article. */
function reasonIn(sentence: string): string {
  const match = /\b(?:for|to\s+(?:re)?check)\s+(?:an?\s+|the\s+|your\s+)?([\p{L}][\p{L}\s-]{2,60})/iu.exec(sentence);
  const reason = match?.[1]?.trim().replace(/\s+(?:in|on|at|with)\s.*$/iu, "") ?? "";
  return reason === "" || /^(?:follow[\s-]?up(?:\s+visit)?|visit)$/iu.test(reason)
    ? "Follow-up visit"
    : capitalised(reason);
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
