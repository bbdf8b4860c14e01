import { expect, test } from "vitest";
import type { CalendarEntry } from "#protocol/bff-desk.ts";
import { hoursOf, placed } from "./calendar-lanes.ts";

const at = (startTime: string, endTime: string | null, kind: CalendarEntry["kind"] = "appointment"): CalendarEntry => ({
  kind,
  date: "2026-11-23",
  startTime,
  endTime,
  title: "",
  clinicianId: null,
  patient: null,
  appointmentId: null,
  followUpId: null,
  confirmation: null,
});

const lanes = (entries: CalendarEntry[]) =>
  placed(entries).map(({ entry, lane, lanes: of }) => `${entry.startTime} ${String(lane + 1)}/${String(of)}`);

test("one after the other: each has the whole width", () => {
  expect(lanes([at("09:30", "10:00"), at("09:00", "09:30")])).toEqual(["09:00 1/1", "09:30 1/1"]);
});

test("two at one time stand side by side, a third takes the lane that is free again", () => {
  expect(lanes([at("09:00", "10:00"), at("09:00", "09:30"), at("09:30", "10:00"), at("10:00", "10:30")])).toEqual([
    "09:00 1/2",
    "09:00 2/2",
    "09:30 2/2",
    "10:00 1/1",
  ]);
});

test("what has no end is shown for a quarter of an hour; a block without an end from midnight is the whole day", () => {
  expect(placed([at("09:00", null)])[0]).toMatchObject({ from: 540, to: 555 });
  expect(placed([at("00:00", null, "closed")])[0]).toMatchObject({ from: 0, to: 1440 });
});

test("eight to five, and more where an appointment lies outside; a block does not stretch the day", () => {
  expect(hoursOf([at("00:00", "24:00", "closed")])).toEqual({ from: 8, to: 17 });
  expect(hoursOf([at("07:15", "07:45"), at("17:00", "17:20")])).toEqual({ from: 7, to: 18 });
});
