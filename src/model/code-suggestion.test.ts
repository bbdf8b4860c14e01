import { expect, test } from "vitest";
import { codableText, codeLine, hasLine, withLine, withoutLine } from "./code-suggestion.ts";
import { emptyNote } from "./note.ts";

const line = codeLine({ code: "I10", description: "Essential (primary) hypertension" });

test("a code is one line at the end of the assessment, once, and goes again without a trace", () => {
  expect(line).toBe("ICD-10 I10: Essential (primary) hypertension");
  const text = "1. High blood pressure.";
  const added = withLine(text, line);
  expect(added).toBe(`${text}\n${line}`);
  expect(withLine(added, line)).toBe(added);
  expect([hasLine(added, line), hasLine(text, line)]).toEqual([true, false]);
  expect(withoutLine(added, line)).toBe(text);
  expect(withLine("", line)).toBe(line);
  expect(withoutLine(line, line)).toBe("");
});

test("a code without words of its own is the code alone, and another code's line is not taken for it", () => {
  const bare = codeLine({ code: "I10", description: "" });
  expect(bare).toBe("ICD-10 I10");
  expect(hasLine(line, bare)).toBe(false);
});

test("what is sent is the sections under their names; accepting a code does not change it", () => {
  const note = { ...emptyNote, assessment: "High blood pressure.", plan: "Come back in 2 weeks." };
  expect(codableText(note)).toBe("Assessment:\nHigh blood pressure.\n\nPlan:\nCome back in 2 weeks.");
  expect(codableText({ ...note, assessment: withLine(note.assessment, line) })).toBe(codableText(note));
  expect(codableText({ ...note, assessment: "ICD-10 codes are due." })).toContain("ICD-10 codes are due.");
  expect(codableText(emptyNote)).toBe("");
});
