/** What must come out of each spoken visit. Only words that the speech engine heard in 20 of 20 shifted takes are relied on (audio/heard.json). */
import type { ReadNote } from "./clinician.ts";

export type ExpectedVisit = {
  name: "chest-pain" | "knee-pain" | "cough";
  patient: string;
  /** Each pattern must be found in a supported sentence of its section. */
  note: Record<keyof ReadNote, RegExp[]>;
  followUpWeeks: number;
};

export const chestPain: ExpectedVisit = {
  name: "chest-pain",
  patient: "Ada Quill",
  note: {
    subjective: [/chest pain for 2 days/iu, /left arm/iu, /(?:allerg\w+\W.*penicillin|penicillin.*allerg)/iu],
    objective: [/150\/90/u, /\b88\b/u, /lungs.*clear|clear.*lungs/iu],
    assessment: [/high blood pressure/iu],
    plan: [/aspirin.*81 mg.*once a day/iu, /2 weeks/iu],
  },
  followUpWeeks: 2,
};

export const kneePain: ExpectedVisit = {
  name: "knee-pain",
  patient: "Tobias Fenwick",
  note: {
    subjective: [/right knee/iu],
    objective: [/swollen/iu],
    assessment: [/not.*broken/iu],
    plan: [/x[- ]?ray/iu, /ibuprofen.*400 mg.*(?:3|three) times a day/iu, /4 weeks/iu],
  },
  followUpWeeks: 4,
};

/** The patterns of a visit that no supported sentence of the right section carries. */
export function missingFrom(note: ReadNote, expected: ExpectedVisit): string[] {
  return (Object.keys(expected.note) as (keyof ReadNote)[]).flatMap((section) => {
    const supported = note[section].filter((sentence) => sentence.endsWith(" Supported"));
    return expected.note[section]
      .filter((pattern) => !supported.some((sentence) => pattern.test(sentence)))
      .map((pattern) => `${section}: ${String(pattern)}`);
  });
}
