/** Parts of a draft from what services send as note and medicines. Both protocols print the same two forms. */
import type { Medication, Note } from "#model/note.ts";
import { MedicationAction, sectionNames } from "#model/note.ts";
import { problem } from "#model/problem.ts";
import { MsaMedication } from "#protocol/medscribealliance.ts";

/** MedScribeAlliance §8.4 `soap`: four texts; a list of lines is joined. Throws `scribe_answer_unreadable` for anything else. */
export function toNote(value: unknown): Note {
  if (typeof value !== "object" || value === null) throw problem("scribe_answer_unreadable", { field: "soap" });
  const fields: Record<string, unknown> = { ...value };
  if (!sectionNames.some((section) => section in fields)) {
    throw problem("scribe_answer_unreadable", { field: "soap" });
  }
  const text = (section: keyof Note): string => toText(fields[section], section);
  return {
    subjective: text("subjective"),
    objective: text("objective"),
    assessment: text("assessment"),
    plan: text("plan"),
  };
}

function toText(value: unknown, section: string): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value.replaceAll("\r\n", "\n").trim();
  if (Array.isArray(value) && value.every((line) => typeof line === "string")) return value.join("\n").trim();
  throw problem("scribe_answer_unreadable", { field: `soap.${section}` });
}

/** §8.4 `medications`; an action outside the six words is unknown, not guessed. */
export function toMedications(value: unknown): Medication[] {
  const list = MsaMedication.array().safeParse(value);
  if (!list.success) throw problem("scribe_answer_unreadable", { field: "medications" });
  return list.data.map((given) => {
    const action = MedicationAction.safeParse(given.action?.toLowerCase());
    return {
      name: given.name,
      dosage: given.dosage ?? null,
      frequency: given.frequency ?? null,
      route: given.route ?? null,
      instructions: given.instructions ?? null,
      action: action.success ? action.data : null,
    };
  });
}
