import { expect, test } from "vitest";
import { readBookingSettings } from "./booking-rules.ts";

test("without a setting: Monday to Friday 8 to 17, lunch at noon, thirty minutes on a grid of fifteen", () => {
  const { rulesOf, providerIds } = readBookingSettings(undefined);
  const rules = rulesOf("follow_up");
  expect(rules.hours.days).toEqual(
    Object.fromEntries(
      ["monday", "tuesday", "wednesday", "thursday", "friday"].map((day) => [day, [{ from: 480, to: 1020 }]]),
    ),
  );
  expect(rules).toMatchObject({
    durationMinutes: 30,
    bufferMinutes: 10,
    gridMinutes: 15,
    minimumNoticeHours: 24,
    maximumDaysAhead: 60,
    hours: { breaks: [{ from: 720, to: 780 }] },
  });
  expect(providerIds).toEqual({});
});

test("a clinician may work other hours, with the clinic's breaks unless their own are given", () => {
  const { rulesOf, providerIds } = readBookingSettings(
    JSON.stringify({ clinicians: { "uuid-1": { hours: { saturday: [["09:00", "12:30"]] }, providerId: "5" } } }),
  );
  expect(rulesOf("follow_up").clinicians["uuid-1"]).toEqual({
    days: { saturday: [{ from: 540, to: 750 }] },
    breaks: [{ from: 720, to: 780 }],
  });
  expect(providerIds).toEqual({ "uuid-1": "5" });
});

test.each([
  ["routine", 60, 24],
  ["follow_up", 30, 24],
  ["urgent", 45, 1],
  ["consultation", 45, 24],
] as const)("%s takes %d minutes, %d hours ahead at least", (kind, durationMinutes, minimumNoticeHours) => {
  expect(readBookingSettings(undefined).rulesOf(kind)).toMatchObject({ durationMinutes, minimumNoticeHours });
});

test.each([
  ["not JSON", "{"],
  ["hours.monday.0", '{"hours":{"monday":[["17:00","08:00"]]}}'],
  ["breaks.0.0", '{"breaks":[["noon","13:00"]]}'],
  ["Unrecognized key", '{"bufferMinuets":10}'],
])("a fault is named: %s", (fault, json) => {
  expect(() => readBookingSettings(json)).toThrow(fault);
});
