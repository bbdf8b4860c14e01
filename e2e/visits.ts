/** What must come out of each spoken visit. Only words heard in 20 of 20 shifted takes are relied on: "for two days" (18 of 20) and "not think it is" (19 of 20) are not (audio/heard.json). */
import type { Account } from "#sandbox/seed.ts";
import { okafor, type ReadNote, rivera } from "./clinician.ts";

export type ExpectedVisit = {
  name: "chest-pain" | "knee-pain" | "cough";
  patient: string;
  clinician: Account;
  /** Each pattern must be found in a supported sentence of its section. */
  note: Record<keyof ReadNote, RegExp[]>;
  /** Said twice, in two sections: one of them must carry it. */
  anywhere: RegExp[];
  /** Must be in the note, whatever its mark: a word beside it is not always heard clearly. */
  mentioned: RegExp[];
  followUpDays: number;
};

export const chestPain: ExpectedVisit = {
  name: "chest-pain",
  patient: "Ada Quill",
  clinician: rivera,
  note: {
    subjective: [/chest pain/iu, /left arm/iu, /(?:allerg\w+\W.*penicillin|penicillin.*allerg)/iu],
    objective: [/150\/90/u, /\b88\b/u, /lungs.*clear|clear.*lungs/iu],
    assessment: [/high blood pressure/iu],
    plan: [/aspirin.*81 mg.*once a day/iu, /2 weeks/iu],
  },
  anywhere: [],
  mentioned: [],
  followUpDays: 14,
};

export const kneePain: ExpectedVisit = {
  name: "knee-pain",
  patient: "Tobias Fenwick",
  clinician: okafor,
  note: {
    subjective: [],
    objective: [],
    assessment: [],
    plan: [/x[- ]?ray/iu, /ibuprofen.*400 mg.*(?:3|three) times a day/iu, /4 weeks/iu],
  },
  anywhere: [/right knee/iu, /swollen/iu],
  mentioned: [/broken/iu],
  followUpDays: 28,
};

/** Spoken by a script that the note writer and the vocabulary were not made with. "Cough for 3 weeks" is heard in 10 of 20 takes only. */
export const cough: ExpectedVisit = {
  name: "cough",
  patient: "Linh Tran",
  clinician: rivera,
  note: {
    subjective: [/no fever|fever: no/iu, /stopped smoking 2 years ago/iu, /sulfa/iu],
    objective: [/98\.6/u, /\b97\s?%/u],
    assessment: [/bronchitis/iu],
    plan: [/prednisone 20 mg once a day for 5 days/iu, /stop.*lisinopril/iu, /10 days/iu],
  },
  anywhere: [],
  mentioned: [],
  followUpDays: 10,
};

/** The patterns of a visit that no supported sentence of the right section carries. */
export function missingFrom(note: ReadNote, expected: ExpectedVisit): string[] {
  const supported = (sentences: readonly string[]): string[] =>
    sentences.filter((sentence) => sentence.endsWith(" Supported"));
  const lacks = (sentences: readonly string[]) => (pattern: RegExp) =>
    !supported(sentences).some((sentence) => pattern.test(sentence));
  const sections = Object.keys(expected.note) as (keyof ReadNote)[];
  return [
    ...sections.flatMap((section) =>
      expected.note[section].filter(lacks(note[section])).map((p) => `${section}: ${String(p)}`),
    ),
    ...expected.mentioned
      .filter(
        (pattern) =>
          !Object.values(note)
            .flat()
            .some((sentence) => pattern.test(sentence)),
      )
      .map((pattern) => `mentioned: ${String(pattern)}`),
    ...expected.anywhere.filter(lacks(Object.values(note).flat())).map((pattern) => `anywhere: ${String(pattern)}`),
  ];
}
