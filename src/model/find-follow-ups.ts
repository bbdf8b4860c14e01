/** Finds in a plan the sentences that ask the patient to come back, with the interval they name. Any scribe's wording, figures or words. */
import type { FollowUpRequest, Interval } from "./follow-up.ts";
import { splitSentences } from "./note.ts";
import { spokenNumbers } from "./spoken-numbers.ts";
import { wordsOf } from "./terms.ts";

const asksBack =
  /\b(?:follow[\s-]?up|come\s+back|return(?:\s+visit)?|recheck|re-check|see\s+(?:me|us|you|him|her)|back\s+in|revisit|check\s+back|next\s+visit|reassess|appointment)\b/iu;
const onlyIf = /\b(?:if|unless|as needed|prn)\b/iu;
const unitWords = new Map<string, Interval["unit"]>([
  ["day", "day"],
  ["week", "week"],
  ["month", "month"],
]);

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

/** "in two weeks", "6-month", "a week", "one year" (12 months). The longest stands for a range: "2 to 3 weeks" is 3. */
export function intervalIn(sentence: string): Interval | undefined {
  const words = wordsOf(sentence);
  const numbers = spokenNumbers(words);
  const found = words.flatMap((word, index): Interval[] => {
    const unit = unitWords.get(word.replace(/s$/u, "")) ?? (/^years?$/u.test(word) ? "month" : undefined);
    if (!unit) return [];
    const before = numbers.find((number) => number.to === index - 1);
    const count = before
      ? Number(before.value)
      : words[index - 1] === "a" || words[index - 1] === "next"
        ? 1
        : undefined;
    if (count === undefined || !Number.isInteger(count) || count < 1) return [];
    return [{ unit, count: /^years?$/u.test(word) ? count * 12 : count }];
  });
  return found.find((interval) => interval.count <= 365);
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
