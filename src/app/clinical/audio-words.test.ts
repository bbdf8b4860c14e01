import { expect, test } from "vitest";
import { awaitedWords, elsewhereWords, keptWords } from "./audio-words.ts";

const clock = {
  time: (ms: number) => new Date(ms).toISOString().slice(11, 16),
  date: (ms: number) => new Date(ms).toISOString().slice(0, 10),
};
const onDevice = { device: "Room 3 PC", durableMs: 200_000, chunksCut: 14, at: "2026-11-21T10:41:00Z" };
const visit = { device: "Room 3 PC", onDevice, received: { chunks: 11, durationMs: 165_000 }, declared: null };

test("another device is told where the audio is, how much, and when it was last heard of", () => {
  expect(elsewhereWords(visit, clock)).toBe(
    "Its audio is on Room 3 PC: 3:20 there, 2:45 received by the scribe, last seen 10:41.",
  );
  expect(elsewhereWords({ ...visit, onDevice: null }, clock)).toContain("has not said what it holds");
});

test("what is waited for is somebody's act on that device, until the scribe has all", () => {
  expect(awaitedWords(visit)).toMatch(/^Stop the recording on Room 3 PC/u);
  const declared = { chunks: 14, durationMs: 200_000 };
  expect(awaitedWords({ ...visit, declared })).toMatch(/^Open the app on Room 3 PC with a network/u);
  expect(awaitedWords({ ...visit, declared, received: { chunks: 14, durationMs: 200_000 } })).toBeUndefined();
});

test("history tells until when audio is kept, and when, where and why it was deleted", () => {
  expect(keptWords({ audioErased: null, audioKeptUntil: null }, clock)).toBeUndefined();
  expect(keptWords({ audioErased: null, audioKeptUntil: "2026-12-15T00:00:00Z" }, clock)).toBe(
    "Audio kept until 2026-12-15",
  );
  const audioErased = { at: "2026-12-08T10:41:00Z", device: "Room 3 PC", reason: "signed" as const };
  expect(keptWords({ audioErased, audioKeptUntil: "2026-12-15T00:00:00Z" }, clock)).toBe(
    "Audio deleted 2026-12-08, 10:41 on Room 3 PC (after signing)",
  );
});
