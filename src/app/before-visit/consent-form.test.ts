import { expect, test } from "vitest";
import { type ConsentForm, emptyConsent, obstacleOf, toConsent, toRefusal } from "./consent-form.ts";

const yes: ConsentForm = { ...emptyConsent, answer: "yes", askedAt: Date.parse("2026-11-21T10:00:00Z") };

test("nothing is preselected, and nothing starts without an answer", () => {
  expect(emptyConsent.answer).toBeNull();
  expect(obstacleOf(emptyConsent)).toBeDefined();
  expect(toConsent(emptyConsent, "v1")).toBeUndefined();
});

test("only a yes of everybody in the room allows recording", () => {
  expect(toConsent(yes, "v1")).toMatchObject({ answer: "yes", textVersion: "v1", askedAt: "2026-11-21T10:00:00.000Z" });
  for (const form of [
    { ...yes, answer: "no" as const },
    { ...yes, answer: "not_asked" as const },
    { ...yes, others: ["yes", "no"] as const },
    { ...yes, others: [null] },
  ]) {
    expect(obstacleOf(form)).toBeDefined();
    expect(toConsent(form, "v1")).toBeUndefined();
  }
  expect(obstacleOf({ ...yes, others: ["yes"] })).toBeUndefined();
});

test("a refusal is kept as such, whoever said no, and a yes never is", () => {
  expect(toRefusal({ ...yes, answer: "no" }, "v1")).toMatchObject({ answer: "no" });
  expect(toRefusal({ ...yes, others: ["no"] }, "v1")).toMatchObject({ answer: "yes", others: ["no"] });
  expect(toRefusal(yes, "v1")).toBeUndefined();
  expect(toRefusal({ ...yes, answer: "not_asked" }, "v1")).toBeUndefined();
});
