import { describe, expect, test } from "vitest";
import { findEvidence } from "./find-evidence.ts";
import { emptyNote, type Note } from "./note.ts";
import type { Transcript } from "./transcript.ts";

/** One turn a line; a word in brackets is one the engine was unsure of. */
function said(...lines: string[]): Transcript {
  return {
    language: "en",
    turns: lines.map((line, index) => ({
      id: `t${index}`,
      speaker: "unknown",
      startMs: null,
      endMs: null,
      words: line.split(" ").map((text) => ({
        text: text.replaceAll(/[[\]]/gu, ""),
        startMs: null,
        endMs: null,
        confidence: null,
        unclear: text.startsWith("["),
      })),
    })),
  };
}

const visit = said(
  "i have had chest pain for two days",
  "it goes to my left arm sometimes",
  "do you have any fever or cough",
  "no fever i am a little short of breath at night",
  "i am allergic to penicillin",
  "your blood pressure is one hundred fifty over ninety your heart rate is eighty eight your lungs are clear",
  "take aspirin eighty one milligrams once a day",
  "please come back in two weeks for a follow up visit",
);

function note(sections: Partial<Note>): Note {
  return { ...emptyNote, ...sections };
}

function markOf(section: keyof Note, sentence: string, transcript = visit): string {
  return findEvidence(transcript, note({ [section]: sentence })).sentences[0]?.mark ?? "none";
}

describe("marks", () => {
  test.each([
    ["subjective", "Chest pain for 2 days."],
    ["subjective", "Pain goes to left arm sometimes."],
    ["subjective", "No fever."],
    ["subjective", "A little short of breath at night."],
    ["subjective", "Allergies: penicillin."],
    ["objective", "Blood pressure 150/90."],
    ["objective", "Heart rate 88. "],
    ["objective", "Lungs clear."],
    ["plan", "Aspirin 81 mg once a day."],
    ["plan", "Come back in 2 weeks for a follow-up visit."],
  ] as const)("%s: %s is supported", (section, sentence) => {
    expect(markOf(section, sentence)).toBe("supported");
  });

  test.each([
    ["a number that was not said", "objective", "Blood pressure 160/90."],
    ["the other side", "subjective", "Pain goes to right arm."],
    ["another drug", "plan", "Ibuprofen 81 mg once a day."],
    ["a lost negation", "subjective", "Fever."],
    ["an added negation", "objective", "Lungs are not clear."],
    ["an invention", "assessment", "Acute coronary syndrome suspected."],
    ["another dose", "plan", "Aspirin 18 mg once a day."],
  ] as const)("%s is not supported", (_name, section, sentence) => {
    expect(markOf(section, sentence)).toBe("unsupported");
  });

  test("an unclear word supports nothing", () => {
    const unsure = said("take aspirin [eighty] [one] milligrams once a day");
    expect(markOf("plan", "Aspirin 81 mg once a day.", unsure)).toBe("unsupported");
  });

  test("a question before an instruction does not turn it around", () => {
    const asked = said("do you drink alcohol", "sometimes", "do not drink any alcohol");
    expect(markOf("plan", "Do not drink any alcohol.", asked)).toBe("supported");
  });

  test("all right is no side, one oh five is a number", () => {
    const words = said("all right your heart rate is one oh five");
    const { sentences, checks } = findEvidence(words, note({ objective: "Heart rate is 105." }));
    expect(sentences[0]?.mark).toBe("supported");
    expect(checks.filter(({ kind }) => kind === "side_missing")).toEqual([]);
  });

  test("a word that the best turn holds already is not shown again elsewhere", () => {
    const twice = said("i have had chest pain for two days", "does the pain go to your arm");
    const { sentences } = findEvidence(twice, note({ subjective: "Chest pain for 2 days." }));
    expect(sentences[0]?.spans).toEqual([{ turnId: "t0", from: 3, to: 7 }]);
  });

  test("a hyphen is no difference, and the span still counts the engine's words", () => {
    const { sentences } = findEvidence(said("we will get an x-ray today"), note({ plan: "Get an x ray today." }));
    expect(sentences[0]).toMatchObject({ mark: "supported", spans: [{ turnId: "t0", from: 4, to: 4 }] });
  });

  test("a span points at the words it came from", () => {
    const { sentences } = findEvidence(visit, note({ plan: "Aspirin 81 mg once a day." }));
    expect(sentences[0]?.spans).toEqual([{ turnId: "t6", from: 1, to: 7 }]);
  });
});

describe("checks", () => {
  const kinds = (transcript: Transcript, written: Note): string[] =>
    findEvidence(transcript, written).checks.map((check) => `${check.kind}: ${check.quote}`);

  test("what was said and is missing is listed", () => {
    const found = kinds(
      visit,
      note({ subjective: "Chest pain.", objective: "Well.", assessment: "Pain.", plan: "Rest." }),
    );
    expect(found).toContainEqual(expect.stringMatching(/^number_missing: .*hundred fifty/u));
    expect(found).toContainEqual(expect.stringMatching(/^drug_missing: .*aspirin/u));
    expect(found).toContainEqual(expect.stringMatching(/^allergy_missing: .*penicillin/u));
    expect(found).toContainEqual(expect.stringMatching(/^negation_missing: .*no fever/u));
    expect(found).toContainEqual(expect.stringMatching(/^side_missing: .*left arm/u));
  });

  test("a whole note leaves nothing to check", () => {
    const whole = note({
      subjective: "Chest pain for 2 days.\nPain goes to left arm.\nNo fever.\nAllergic to penicillin.",
      objective: "Blood pressure 150/90.\nHeart rate 88.\nLungs clear.",
      assessment: "Chest pain.",
      plan: "Aspirin 81 mg once a day.\nCome back in 2 weeks.",
    });
    expect(kinds(visit, whole)).toEqual([]);
  });

  test("an unclear dose is a check, an unclear filler is not", () => {
    const unsure = said("take [the] aspirin [eighty] milligrams");
    const found = kinds(unsure, note({ subjective: "a", objective: "a", assessment: "a", plan: "Aspirin." }));
    expect(found.filter((check) => check.startsWith("unclear_words"))).toEqual([
      "unclear_words: take the aspirin eighty milligrams",
    ]);
  });

  test.each([
    ["take [apprentice] on twenty milligrams once a day", 1],
    ["stop taking [lies] in april", 1],
    ["i am allergic to [self]", 1],
    ["see you [then]", 0],
  ])("a name lost where a drug is said is a check: %s", (words, count) => {
    const found = kinds(said(words), note({ subjective: "a", objective: "a", assessment: "a", plan: "a" }));
    expect(found.filter((check) => check.startsWith("unclear_words"))).toHaveLength(count);
  });

  test("an empty section is a check", () => {
    expect(kinds(visit, emptyNote).filter((check) => check.startsWith("empty_section"))).toHaveLength(4);
  });
});
