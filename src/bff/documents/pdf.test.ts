import { expect, test } from "vitest";
import { PatientId } from "#model/id.ts";
import { noteDocument, summaryDocument } from "./note-documents.ts";
import type { DocumentSource } from "./note-documents.ts";
import { toPdf } from "./pdf.ts";

const source: DocumentSource = {
  patient: {
    id: PatientId.parse("patient-1"),
    name: "Ada Quill",
    birthDate: "1971-03-14",
    recordNumber: "1",
    sex: "Female",
  },
  clinic: "Chartside Clinic",
  clinician: "Elena Rivera",
  reason: "Chest pain",
  startedAt: Date.parse("2026-11-21T13:05:00Z"),
  timeZone: "America/New_York",
  note: {
    subjective: "Chest pain for two days, left arm. Temperature ≥ 38 °C denied. Größe “1,80 m”, Łódź, Ωμέγα.",
    objective: "BP 150/90, pulse 88. Lungs are clear.",
    assessment: "High blood pressure.",
    plan: "Aspirin 81 mg once a day.\nFollow up in two weeks.\n\nSigned by Elena Rivera, 2026-11-21 08:30 (America/New_York). Drafted with Chartside Scribe (extractive), reviewed by Elena Rivera.",
  },
  signedAt: Date.parse("2026-11-21T13:30:00Z"),
  draftedWith: "Chartside Scribe (extractive)",
  addenda: [
    {
      text: "Addendum to the note signed 2026-11-21 08:30.\n\nThe ECG was normal.",
      signedAt: Date.parse("2026-11-21T15:00:00Z"),
    },
  ],
  followUps: ["Follow up in two weeks."],
};

test("the same words are the same bytes, and a file that says what it is", async () => {
  const [one, other] = [await toPdf(noteDocument(source)), await toPdf(noteDocument(source))];
  expect(Buffer.compare(one, other)).toBe(0);
  expect(Buffer.from(one.subarray(0, 5)).toString()).toBe("%PDF-");
});

const pagesOf = (bytes: Uint8Array) => /\/Count (\d+)/u.exec(Buffer.from(bytes).toString("latin1"))?.[1];

test("a long note goes on to further pages", async () => {
  const plan = Array.from({ length: 90 }, (_, index) => `${String(index + 1)}. A line of a long plan.`).join("\n");
  expect(pagesOf(await toPdf(noteDocument(source)))).toBe("1");
  expect(pagesOf(await toPdf(noteDocument({ ...source, note: { ...source.note, plan } })))).toBe("3");
});

test("the note's document: who, when, every section as it was signed, who reviewed it, and what was added", () => {
  const { facts, parts, foot } = noteDocument(source);
  expect(Object.fromEntries(facts)).toEqual({
    Patient: "Ada Quill",
    Born: "1971-03-14",
    Sex: "Female",
    "Record number": "1",
    Visit: "2026-11-21, 08:05",
    Clinician: "Elena Rivera",
    Reason: "Chest pain",
    Signed: "Elena Rivera, 2026-11-21 08:30 (America/New_York)",
    Note: "Drafted with Chartside Scribe (extractive), reviewed by Elena Rivera",
  });
  expect(parts).toEqual([
    { heading: "Subjective", text: source.note.subjective },
    { heading: "Objective", text: source.note.objective },
    { heading: "Assessment", text: source.note.assessment },
    { heading: "Plan", text: source.note.plan },
    { heading: "Addendum, 2026-11-21 10:00 (America/New_York)", text: source.addenda[0]?.text },
  ]);
  expect(foot).toContain("Ada Quill");
});

test("the patient's summary holds what was found and agreed, and nothing of what was said or measured", () => {
  const { parts } = summaryDocument(source);
  expect(parts.map(({ heading }) => heading)).toEqual([
    "What was found",
    "What was agreed",
    "When to come back",
    "Added later",
  ]);
  expect(JSON.stringify(parts)).not.toContain("Chest pain");
});
