/** What must come out of each spoken visit. Only words that the speech engine heard in 20 of 20 shifted takes are relied on (audio/heard.json). */
import type { Account } from "#sandbox/seed.ts";
import { okafor, type ReadNote, rivera } from "./clinician.ts";

export type ExpectedVisit = {
  name: "chest-pain" | "knee-pain" | "cough";
  patient: string;
  clinician: Account;
  /** Each pattern must be found in a supported sentence of its section. */
  note: Record<keyof ReadNote, RegExp[]>;
  followUpDays: number;
};

export const chestPain: ExpectedVisit = {
  name: "chest-pain",
  patient: "Ada Quill",
  clinician: rivera,
  note: {
    subjective: [/chest pain for 2 days/iu, /left arm/iu, /(?:allerg\w+\W.*penicillin|penicillin.*allerg)/iu],
    objective: [/150\/90/u, /\b88\b/u, /lungs.*clear|clear.*lungs/iu],
    assessment: [/high blood pressure/iu],
    plan: [/aspirin.*81 mg.*once a day/iu, /2 weeks/iu],
  },
  followUpDays: 14,
};

export const kneePain: ExpectedVisit = {
  name: "knee-pain",
  patient: "Tobias Fenwick",
  clinician: okafor,
  note: {
    subjective: [/right knee/iu],
    objective: [/swollen/iu],
    assessment: [/not.*broken/iu],
    plan: [/x[- ]?ray/iu, /ibuprofen.*400 mg.*(?:3|three) times a day/iu, /4 weeks/iu],
  },
  followUpDays: 28,
};

/** Spoken by a script that the note writer's author never saw; names of medicines are not relied on. */
export const cough: ExpectedVisit = {
  name: "cough",
  patient: "Linh Tran",
  clinician: rivera,
  note: {
    subjective: [/cough for 3 weeks/iu, /no fever|fever: no/iu, /stopped smoking 2 years ago/iu],
    objective: [/98\.6/u, /\b97\s?%/u],
    assessment: [/bronchitis/iu],
    plan: [/20 mg once a day for 5 days/iu, /chest x[- ]?ray/iu, /10 days/iu],
  },
  followUpDays: 10,
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
