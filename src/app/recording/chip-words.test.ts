import { expect, test } from "vitest";
import { type ChipView, chipWords } from "./chip-words.ts";

const now = 1_000_000;
const view: ChipView = {
  phase: "recording",
  isOffRecord: false,
  warning: null,
  durableMs: 200_000,
  durableAt: now - 300,
  receivedMs: 184_000,
  receivedAt: now - 12_400,
  waiting: null,
};

test("the chip tells what is on this device and what the scribe has, and how fresh each is", () => {
  expect(chipWords(view, now)).toEqual({
    tone: "live",
    state: "Recording",
    kept: "3:20 on this device",
    keptAge: "now",
    received: "3:04 received by the scribe",
    receivedAge: "0:12 ago",
  });
});

test("before anything was received there is no age to tell", () => {
  expect(chipWords({ ...view, receivedMs: 0, receivedAt: null }, now).receivedAge).toBeUndefined();
});

test("without a network it says that it waits, and still that it records", () => {
  const words = chipWords({ ...view, receivedMs: 0, waiting: "network" }, now);
  expect(words.tone).toBe("warn");
  expect(words.state).toBe("Recording. Waiting for network");
  expect(words.kept).toContain("3:20");
});

test("off the record and a lost microphone are never called recording", () => {
  const off = chipWords({ ...view, phase: "paused", isOffRecord: true }, now);
  expect([off.tone, off.state]).toEqual(["warn", "Off the record"]);
  const lost = chipWords({ ...view, warning: "microphone_lost", waiting: "network" }, now);
  expect([lost.tone, lost.state]).toEqual(["danger", "Microphone lost. Waiting for network"]);
  expect(chipWords({ ...view, warning: "microphone_muted" }, now).state).toBe("Microphone muted");
});
