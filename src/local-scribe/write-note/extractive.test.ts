import { expect, test } from "vitest";
import { findEvidence } from "#model/find-evidence.ts";
import type { SectionName } from "#model/note.ts";
import { sectionNames, sentencesOf } from "#model/note.ts";
import { spokenNumbers } from "#model/spoken-numbers.ts";
import { wordsOf } from "#model/terms.ts";
import type { WrittenNote } from "#local-scribe/note-writer.ts";
import { createExtractiveWriter } from "./extractive.ts";
import { readVisit, transcriptOf, visitNames } from "./visits/read-visit.ts";

const writer = createExtractiveWriter();

function linesOf({ note }: WrittenNote, section: SectionName): string[] {
  return note[section].split("\n").filter((line) => line !== "");
}

async function write(...lines: string[]): Promise<WrittenNote> {
  return writer.write(transcriptOf(lines, 0.3));
}

type Expected = { [section in SectionName]?: string[] };

/** What has to stand in the note, of visits as the speech engine heard them. */
const heard: Record<string, Expected> = {
  "chest-pain": {
    subjective: [
      "Has had chest pain for 2 days.",
      "Pain goes to arm: it does to left arm sometimes.",
      "No fever.",
      "Is a little short of breath at night.",
      "Is allergic to penicillin.",
    ],
    objective: ["Blood pressure is 150/90.", "Heart rate is 88.", "Lungs are clear."],
    assessment: ["I think you have high blood pressure."],
    plan: [
      "Take aspirin every morning.",
      "Take aspirin 81 mg once a day.",
      "Call us if the pain gets worse.",
      "Come back in 2 weeks for a follow up visit.",
    ],
  },
  "knee-pain": {
    subjective: [
      "Right knee hurts.",
      "Fell on the ice last week.",
      "Can walk on it: yes, but it is swollen and it hurts to bend.",
    ],
    objective: ["You're right to me is swollen.", "Left me is normal."],
    assessment: ["I do not think it is broken."],
    plan: [
      "We will get an x-ray today.",
      "Take ibuprofen 400 mg 3 times a day with food.",
      "Do not run for 3 weeks.",
      "Come back in 4 weeks for a follow up visit.",
    ],
  },
  cough: {
    subjective: ["Has had a bad cough for a week.", "No chest pain.", "No allergies."],
    objective: ["Temperature is 100 point [unclear].", "Oxygen is 96%.", "I hear some wheezing in right lung."],
    assessment: ["You have bronchitis.", "It is not pneumonia."],
    plan: ["If you have trouble breathing go to the emergency room."],
  },
  "diabetes-check": {
    subjective: [
      "Taking insulin: yes, 10 units at bedtime.",
      "Quit smoking 2 years ago.",
      "Numbness in feet: [unclear].",
    ],
    objective: ["Blood pressure is 128/76.", "The skin on feet looks good."],
    assessment: ["Diabetes is not well controlled."],
    plan: ["We will do a blood test today.", "Come back in 3 months to check your blood sugar."],
  },
  "child-ear": {
    subjective: ["She is drinking but she does not want to eat.", "Allergic to anything: [unclear]."],
    assessment: ["She has an ear infection."],
    plan: ["Give her Tylenol for the fever.", "Bring her back in 10 days to check here."],
  },
  "back-pain": {
    subjective: [
      "Where does it hurt: in lower back on the left side.",
      "How long have you had the pain: about 3 weeks.",
      "On the scale of 1 to 10 how bad is it: 7.",
      "No weakness.",
    ],
    objective: ["Back is tender on the left side.", "Reflexes are normal."],
    assessment: ["I think you pulled a muscle."],
    plan: ["Avoid heavy lifting for 2 weeks.", "Let us see you again in 6 weeks."],
  },
  "blood-pressure-check": {
    subjective: ["The chest pain or shortness of breath: no."],
    objective: ["Blood pressure today is 142/88.", "There is no swelling in your ankles."],
    assessment: ["Blood pressure is still too high."],
    plan: ["Take 1 tablet every morning with water.", "Eat less salt.", "Come back in 1 month."],
  },
  rash: {
    subjective: ["Use a new show up: no, but was working in the garden.", "Painful: not really."],
    objective: ["There is a red rash on left lower leg.", "There is no swelling."],
    assessment: ["This looks like poison ivy."],
    plan: ["Stop taking Claritin.", "Do not scratch it.", "You do not need to come back unless it gets worse."],
  },
  "high-pressure": {
    subjective: ["Taking medicine every day: forgets it sometimes."],
    objective: ["Blood pressure is 160/95.", "Heart rate is 70.", "Weight is 205 pounds."],
    assessment: ["Blood pressure is too high."],
    plan: ["Do not skip a dose.", "You need to lose 10 pounds."],
  },
  "burned-hand": {
    subjective: ["Very painful: yes, it hurts a lot.", "When was last tetanus shot: about 10 years ago."],
    objective: ["There is a 2 inch burn on left hand.", "The skin is red.", "There are no blisters."],
    assessment: ["This is a first degree burn."],
    plan: ["We will give you a tetanus shot today.", "Come back in 5 days for a wound check."],
  },
  dizziness: {
    subjective: ["Get head: [unclear], did not."],
    plan: ["Do not drive until you feel better.", "We will schedule a hearing test.", "Come back in 3 weeks."],
  },
  "broken-wrist": {
    objective: ["The x-ray shows a small fracture."],
    plan: ["We will put a cast on it today.", "Do not lift anything heavy."],
  },
};

test.each(Object.entries(heard))("the visit %s, as heard", async (name, expected) => {
  const written = await writer.write(readVisit("heard", name));
  for (const section of sectionNames)
    expect(linesOf(written, section)).toEqual(expect.arrayContaining(expected[section] ?? []));
});

const everyVisit = [
  ...visitNames("heard").map((name) => ["heard", name]),
  ...visitNames("written").map((name) => ["written", name]),
] as ["heard" | "written", string][];

/** Words the wording itself may add or change: a person's ending ("takes"), the mark, and the answer words. */
const own = new Set([
  "unclear",
  "am",
  "are",
  "is",
  "has",
  "does",
  "not",
  "no",
  "yes",
  "will",
  "have",
  "cannot",
  "9",
  "1",
]);

test.each(everyVisit)("nothing in the note was not said: %s/%s", async (folder, name) => {
  for (const leastConfidence of [0, 0.05, 0.3, 0.6]) {
    const transcript = readVisit(folder, name, leastConfidence);
    const { note } = await writer.write(transcript);
    const clear = transcript.turns.map((turn) =>
      turn.words
        .filter((word) => !word.unclear)
        .map((word) => word.text)
        .join(" "),
    );
    const said = clear.flatMap(wordsOf);
    const known = new Set([...own, ...said, ...spokenNumbers(said).map((number) => number.value)]);
    for (const sentence of sentencesOf(note)) {
      for (const word of wordsOf(sentence.text)) {
        const forms = [
          word,
          word.replace(/s$/u, ""),
          word.replace(/es$/u, ""),
          word.replace(/ies$/u, "y"),
          word.replace(/^mg$/u, "milligrams"),
          `${word}s`,
        ];
        const isUnit = /^(?:mg|ml|percent|x|ray|mri)$/u.test(word);
        expect(isUnit || forms.some((form) => known.has(form)), `"${word}" in "${sentence.text}"`).toBe(true);
      }
    }
  }
});

test("the independent evidence check agrees: at most one sentence in fifty has no support", async () => {
  let [unsupported, all] = [0, 0];
  for (const name of visitNames("heard")) {
    const transcript = readVisit("heard", name);
    const { sentences } = findEvidence(transcript, (await writer.write(transcript)).note);
    unsupported += sentences.filter(({ mark }) => mark === "unsupported").length;
    all += sentences.length;
  }
  expect(all).toBeGreaterThan(200);
  expect(unsupported / all).toBeLessThan(0.02);
});

test.each(everyVisit)("each line is one tidy sentence: %s/%s", async (folder, name) => {
  const { note } = await writer.write(readVisit(folder, name, 0.3));
  for (const line of sectionNames.flatMap((section) => note[section].split("\n")).filter((line) => line !== "")) {
    expect(line).toMatch(/^(?:[\p{Lu}\d]|\[unclear\]).*[^\s,.:]\.$/u);
    expect(line).not.toMatch(/\[unclear\] \[unclear\]|\s\s|good morning|thank you/iu);
  }
});

test.each(everyVisit)("the same words give the same note: %s/%s", async (folder, name) => {
  const transcript = readVisit(folder, name);
  expect(await writer.write(transcript)).toEqual(await writer.write(structuredClone(transcript)));
});

test("a short answer keeps its question, and a no stays a no", async () => {
  const { note } = await write(
    "do you have any fever or cough",
    "no",
    "are you allergic to any medicine",
    "no",
    "do you smoke",
    "yes",
    "does the pain go to your leg",
    "no it does not",
    "have you lost weight",
    "yes about five pounds",
  );
  expect(note.subjective.split("\n")).toEqual([
    "Fever or cough: no.",
    "Allergic to any medicine: no.",
    "Smokes: yes.",
    "Pain goes to leg: no, it does not.",
    "Lost weight: yes, about 5 pounds.",
  ]);
});

test("a question without an answer states nothing", async () => {
  const { note } = await write(
    "do you have chest pain",
    "do you have a fever",
    "any vomiting",
    "take aspirin eighty one milligrams",
  );
  expect(note).toEqual({ subjective: "", objective: "", assessment: "", plan: "Take aspirin 81 mg." });
});

test("a question whose asking word was not understood does not become a fact", async () => {
  const { note } = await write("any~9 vomiting or diarrhea", "he threw up one time", "has~9 she had a fever", "no");
  expect(note.subjective).not.toMatch(/vomiting or diarrhea\.|had a fever\./u);
});

test("an answer that was not understood is neither a yes nor a no", async () => {
  expect((await write("any numbness in your feet", "no~9")).note.subjective).toBe("Numbness in feet: [unclear].");
});

test("a sentence whose subject was not understood and that says one word is left out", async () => {
  const { note } = await write("my~9 right~9 knee~9 hurts", "call~9 us~9 if the pain gets worse");
  expect(note).toEqual({ subjective: "", objective: "", assessment: "", plan: "[unclear] if the pain gets worse." });
});

test("a patient's question makes no plan and no fact", async () => {
  const { note } = await write("okay when should i come back", "please come back in two weeks for a follow up visit");
  expect(note.subjective).toBe("");
  expect(note.plan).toBe("Come back in 2 weeks for a follow up visit.");
});

test("sides, and what is denied, stay where they were said", async () => {
  const { note } = await write(
    "your right ear is red and the left ear is clear",
    "there is no swelling in your left leg",
  );
  expect(note.objective).toBe("Right ear is red and the left ear is clear.\nThere is no swelling in your left leg.");
});

test("speakers, where known, decide between the patient's and the clinician's words", async () => {
  const { note } = await write("P: The knee is swollen.", "D: The knee is swollen.");
  expect(note.subjective).toBe("The knee is swollen.");
  expect(note.objective).toBe("The knee is swollen.");
});

test("dictation under headings goes where it was dictated", async () => {
  const { note } = await writer.write(readVisit("written", "dictation"));
  expect(note.assessment).toBe("Right rotator cuff strain.");
  expect(note.plan.split("\n").at(-1)).toBe("Return in 4 weeks.");
});

test("politeness alone makes an empty note", async () => {
  const { note, medications } = await write(
    "good morning",
    "hello doctor how are you",
    "i am fine thank you",
    "goodbye",
  );
  expect(Object.values(note).join("")).toBe("");
  expect(medications).toEqual([]);
});

test("nothing heard, nothing written", async () => {
  const { note } = await writer.write({ turns: [], language: null });
  expect(Object.values(note).join("")).toBe("");
});
