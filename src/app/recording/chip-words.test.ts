import { expect, test } from "vitest";
import { chipWords } from "./chip-words.ts";

test("the chip tells what is on this device and what the scribe has", () => {
  expect(chipWords({ phase: "recording", durableMs: 200_000, receivedMs: 184_000, waiting: null })).toEqual({
    tone: "live",
    state: "Recording",
    kept: "3:20 on this device",
    received: "3:04 received by the scribe",
  });
});

test("without a network it says that it waits, and still that it records", () => {
  const words = chipWords({ phase: "recording", durableMs: 200_000, receivedMs: 0, waiting: "network" });
  expect(words.tone).toBe("warn");
  expect(words.state).toBe("Recording. Waiting for network");
  expect(words.kept).toContain("3:20");
});
