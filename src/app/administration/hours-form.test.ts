import { expect, test } from "vitest";
import { ClinicRules } from "#protocol/bff-booking-rules.ts";
import { dropOwn, hoursFor, hoursText, parseHours, setHours, withDay } from "./hours-form.ts";

test.each([
  ["08:00-17:00", [["08:00", "17:00"]]],
  [
    "8-12, 13:30 – 17",
    [
      ["08:00", "12:00"],
      ["13:30", "17:00"],
    ],
  ],
  ["20:00-24:00", [["20:00", "24:00"]]],
  ["", []],
  ["17:00-08:00", undefined],
  ["8 to 5", undefined],
  ["08:00-12:00-13:00", undefined],
  ["25:00-26:00", undefined],
])("%s", (text, times) => {
  expect(parseHours(text)).toEqual(times);
});

test("what is shown reads back the same", () => {
  const times: [string, string][] = [
    ["08:00", "12:00"],
    ["13:00", "17:00"],
  ];
  expect(parseHours(hoursText(times))).toEqual(times);
});

test("a clinician's own hours, and back to the clinic's without losing the number in OpenEMR", () => {
  const rules = ClinicRules.parse({ clinicians: { lee: { providerId: "5" } } });
  expect(hoursFor(rules, "lee")).toMatchObject({ isOwn: false, hours: rules.hours });
  const hours = withDay(withDay(rules.hours, "friday", []), "saturday", [["09:00", "12:00"]]);
  const own = setHours(rules, "lee", { hours, breaks: [] });
  expect(hoursFor(own, "lee").hours).not.toHaveProperty("friday");
  expect(own.hours).toEqual(rules.hours);
  expect(dropOwn(own, "lee")).toEqual(rules);
});
