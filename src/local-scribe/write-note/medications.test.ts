import { expect, test } from "vitest";
import type { Medication } from "#model/note.ts";
import { createExtractiveWriter } from "./extractive.ts";
import { readVisit, transcriptOf } from "./visits/read-visit.ts";

const writer = createExtractiveWriter();

async function medicines(...lines: string[]): Promise<Partial<Medication>[]> {
  const { medications } = await writer.write(transcriptOf(lines, 0.3));
  return medications.map((medication) =>
    Object.fromEntries(Object.entries(medication).filter(([, value]) => value !== null)),
  );
}

test("everything that was said of it, and nothing else", async () => {
  const { medications } = await writer.write(readVisit("heard", "knee-pain"));
  expect(medications).toEqual([
    {
      name: "ibuprofen",
      dosage: "400 mg",
      frequency: "3 times a day",
      route: null,
      instructions: "with food",
      action: null,
    },
  ]);
});

test.each([
  [
    "start lisinopril ten milligrams by mouth once a day",
    { name: "lisinopril", dosage: "10 mg", frequency: "once a day", route: "by mouth", action: "start" },
  ],
  ["stop taking the ibuprofen", { name: "ibuprofen", action: "stop" }],
  [
    "continue your metformin five hundred milligrams twice a day",
    { name: "metformin", dosage: "500 mg", frequency: "twice a day", action: "continue" },
  ],
  [
    "let's increase the insulin from ten units to fourteen units at bedtime",
    { name: "insulin", dosage: "14 units", frequency: "at bedtime", action: "increase" },
  ],
  [
    "decrease prednisone to five milligrams daily for seven days",
    { name: "prednisone", dosage: "5 mg", frequency: "daily", instructions: "for 7 days", action: "decrease" },
  ],
  ["hold the warfarin", { name: "warfarin", action: "hold" }],
  [
    "take tylenol one to two tablets every six hours as needed for pain",
    { name: "tylenol", dosage: "1 to 2 tablets", frequency: "every 6 hours as needed", instructions: "for pain" },
  ],
  ["use two puffs of albuterol every four hours", { name: "albuterol", dosage: "2 puffs", frequency: "every 4 hours" }],
])("%s", async (said, expected) => {
  expect(await medicines(said)).toEqual([expected]);
});

test.each([
  ["an allergy", "i am allergic to penicillin"],
  ["an allergy asked for and granted", "are you allergic to penicillin", "yes"],
  ["one refused", "do not take ibuprofen or aspirin"],
  ["one avoided", "avoid aspirin and naproxen"],
  ["one of the past", "i stopped taking metformin last year"],
  ["one denied", "do you take aspirin", "no"],
  ["an answer not understood", "do you take aspirin", "no~9"],
  ["a word in front that was not understood", "not~9 take aspirin every day"],
  ["a name that was not understood", "take aspirin~9 eighty one milligrams"],
  ["a question", "do you take aspirin"],
])("no medicine: %s", async (_, ...said) => {
  expect(await medicines(...said)).toEqual([]);
});

test("two medicines in one sentence keep their own words", async () => {
  expect(await medicines("stop the naproxen and start omeprazole twenty milligrams every morning")).toEqual([
    { name: "naproxen", action: "stop" },
    { name: "omeprazole", dosage: "20 mg", frequency: "every morning", action: "start" },
  ]);
});

test("the verb of one medicine is not lent to another it does not lead to", async () => {
  expect(await medicines("stop the all medicine spark zoloft fifty milligrams every morning")).toEqual([
    { name: "zoloft", dosage: "50 mg", frequency: "every morning" },
  ]);
});

test("a list shares its verb", async () => {
  expect(await medicines("stop taking aspirin and ibuprofen")).toEqual([
    { name: "aspirin", action: "stop" },
    { name: "ibuprofen", action: "stop" },
  ]);
});

test("an order that changes a medicine takes nothing over from before", async () => {
  const changed = await medicines(
    "i take metformin five hundred milligrams twice a day",
    "increase the metformin to one thousand milligrams",
  );
  expect(changed).toEqual([{ name: "metformin", dosage: "1000 mg", action: "increase" }]);
});

test("two mentions fill each other", async () => {
  const both = await medicines(
    "i want you to take aspirin every morning",
    "take aspirin eighty one milligrams once a day",
  );
  expect(both).toEqual([{ name: "aspirin", dosage: "81 mg", frequency: "once a day, every morning" }]);
});

test("a dose that was not understood is not given", async () => {
  expect(await medicines("take aspirin eighty one~9 milligrams once a day")).toEqual([
    { name: "aspirin", frequency: "once a day" },
  ]);
});

test("a yes to the question takes the medicine from the question", async () => {
  expect(await medicines("do you take ibuprofen", "yes every day for my headaches")).toEqual([
    { name: "ibuprofen", frequency: "every day" },
  ]);
});
