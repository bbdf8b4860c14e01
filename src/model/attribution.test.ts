import { expect, test } from "vitest";
import { attributed, signedAtText } from "./attribution.ts";

const note = { subjective: "Cough.", objective: "Clear.", assessment: "Viral.", plan: "Fluids.\nRest.\n" };
const by = { signerName: "Kim Lee", signedAtText: "2026-11-21 10:52 (America/New_York)", draftedWith: "Local Scribe" };

test("the plan ends with who signed, when, and what drafted it; nothing else changes", () => {
  expect(attributed(note, by)).toEqual({
    ...note,
    plan: "Fluids.\nRest.\n\nSigned by Kim Lee, 2026-11-21 10:52 (America/New_York). Drafted with Local Scribe, reviewed by Kim Lee.",
  });
});

test("an empty plan becomes the line alone; a typed note names no drafting service", () => {
  expect(attributed({ ...note, plan: "" }, { ...by, draftedWith: "" }).plan).toBe(
    "Signed by Kim Lee, 2026-11-21 10:52 (America/New_York).",
  );
});

test("the time of signing is the clinic's wall clock", () => {
  const instant = Date.parse("2026-11-22T03:05:00Z");
  expect(signedAtText(instant, "America/New_York")).toBe("2026-11-21 22:05 (America/New_York)");
  expect(signedAtText(instant, "Asia/Kolkata")).toBe("2026-11-22 08:35 (Asia/Kolkata)");
});
