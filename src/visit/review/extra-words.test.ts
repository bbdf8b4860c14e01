import { expect, test } from "vitest";
import { shownOf, titleOf } from "./extra-words.ts";

test.each([
  ["referral_letter", "Referral letter"],
  ["visit-summary", "Visit summary"],
  ["resourceType", "Resource type"],
  ["fhir_bundles", "FHIR bundles"],
  ["__", "__"],
  ["constructor", "Constructor"],
])("%s is called %s", (id, title) => {
  expect(titleOf(id)).toBe(title);
});

test("a text keeps its lines, a structure its names, and what is empty is left out", () => {
  expect(shownOf("Dear colleague,\n\nplease see")).toEqual({ is: "text", lines: ["Dear colleague,", "please see"] });
  expect(shownOf({ dose: 81, isNew: true, note: "", more: {}, list: ["a", null] })).toEqual({
    is: "fields",
    fields: [
      { name: "dose", value: { is: "text", lines: ["81"] } },
      { name: "isNew", value: { is: "text", lines: ["Yes"] } },
      { name: "list", value: { is: "list", items: [{ is: "text", lines: ["a"] }] } },
    ],
  });
  expect(shownOf(null)).toEqual({ is: "text", lines: ["Nothing"] });
});

test("what is nested without end is cut off", () => {
  let value: unknown = "deep";
  for (let depth = 0; depth < 5000; depth += 1) value = [value];
  expect(JSON.stringify(shownOf(value))).toContain('["…"]');
});
