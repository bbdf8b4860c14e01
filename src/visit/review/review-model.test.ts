import { codeLine, withLine } from "#model/code-suggestion.ts";
import { emptyNote } from "#model/note.ts";
import { expect, test } from "vitest";
import { reviewOf } from "./review-model.ts";

const draft = { ...emptyNote, assessment: "High blood pressure." };
const transcript = { language: "en", turns: [] };
const line = codeLine({ code: "I10", description: "Essential (primary) hypertension" });
const note = { ...draft, assessment: withLine(withLine(draft.assessment, line), "Seen with his daughter.") };

test("an accepted code is told as the clinician's, from the code service, and is no check of the scribe", () => {
  const { sentences, checks } = reviewOf({ transcript, draft, note, codeLines: new Set([line]) });
  expect(sentences.assessment.map(({ text, shown }) => [text, shown])).toEqual([
    ["High blood pressure.", "unsupported"],
    [line, "coded"],
    ["Seen with his daughter.", "edited"],
  ]);
  expect(checks.map(({ quote }) => quote)).not.toContain(line);
});

test("the same line typed by hand is an edit, and a code line elsewhere is no code", () => {
  expect(reviewOf({ transcript, draft, note }).sentences.assessment[1]).toMatchObject({ text: line, shown: "edited" });
  const inPlan = { ...draft, plan: line };
  const { sentences } = reviewOf({ transcript, draft, note: inPlan, codeLines: new Set([line]) });
  expect(sentences.plan[0]).toMatchObject({ shown: "edited" });
});
