import { expect, test } from "vitest";
import { findFollowUps, intervalIn } from "./find-follow-ups.ts";

test.each([
  ["Please come back in 2 weeks for a follow up visit.", { count: 2, unit: "week" }, "Follow-up visit"],
  ["Follow up in four weeks.", { count: 4, unit: "week" }, "Follow-up visit"],
  ["Return in 3 months for a blood pressure check.", { count: 3, unit: "month" }, "Blood pressure check"],
  ["Recheck potassium in ten days.", { count: 10, unit: "day" }, "Follow-up visit"],
  ["Take it for 10 days and come back in 2 weeks.", { count: 2, unit: "week" }, "It"],
  ["See me again in a year.", { count: 12, unit: "month" }, "Follow-up visit"],
  ["6-week follow-up.", { count: 6, unit: "week" }, "Follow-up visit"],
])("%s", (sentence, interval, reason) => {
  const [found] = findFollowUps(`Aspirin 81 mg once a day for 5 days.\n${sentence}`);
  expect(found?.interval).toEqual(interval);
  expect(found?.sentence).toBe(sentence);
  if (reason !== "It") expect(found?.reason).toBe(reason);
});

test.each([
  "Do not run for three weeks.",
  "Call us if the pain gets worse.",
  "Come back if the fever lasts more than 3 days.",
  "Follow up as needed.",
  "Chest pain for two days.",
])("asks for nothing bookable: %s", (sentence) => {
  expect(findFollowUps(sentence)).toEqual([]);
});

test("several follow-ups keep their order, and the sentence stands in the plan word for word", () => {
  const plan = "Come back in 2 weeks for a wound check.\nCome back in 3 months to check your thyroid.";
  const found = findFollowUps(plan);
  expect(found.map(({ interval }) => interval)).toEqual([
    { count: 2, unit: "week" },
    { count: 3, unit: "month" },
  ]);
  for (const { sentence } of found) expect(plan).toContain(sentence);
});

test("a range stands for its longer end", () => {
  expect(intervalIn("come back in 2 to 3 weeks")).toEqual({ count: 3, unit: "week" });
});
