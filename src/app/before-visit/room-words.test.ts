import { expect, test } from "vitest";
import { plainPlan } from "#visit/journal/space.ts";
import { refusedWords, roomObstacle, roomWords, shortWords } from "./room-words.ts";

const reserved = (bytes: number) => ({ kind: "reserved", bytes }) as const;

test("a reservation tells how long a visit may be; of plenty nothing more is said", () => {
  expect(roomWords(reserved(48_000_000))).toEqual({ tone: "good", words: "Room for 2 h is reserved" });
  expect(roomWords(reserved(64_000_000)).words).toBe("Room for 2.5 h is reserved");
  expect(shortWords(reserved(48_000_000))).toBeUndefined();
  expect(roomObstacle(reserved(48_000_000))).toBeUndefined();
});

test("a reservation for less than a long visit says for how much, and what to do; the visit can begin", () => {
  expect(roomWords(reserved(16_000_000))).toEqual({ tone: "warn", words: "Room for 40 min" });
  expect(shortWords(reserved(17_999_999))?.title).toBe("Room for about 40 minutes on this device");
  expect(shortWords(reserved(47_999_999))?.title).toBe("Room for about 1 hour 55 minutes on this device");
  expect(shortWords(reserved(24_000_000))?.title).toBe("Room for about 1 hour on this device");
  expect(shortWords(reserved(16_000_000))?.text).toMatch(/^You can start now\..*send or discard/u);
  expect(roomObstacle(reserved(16_000_000))).toBeUndefined();
});

test("what the journal plans for a visit is plenty, and the least it begins with is a few minutes", () => {
  expect(shortWords(reserved(plainPlan.reservedBytes))).toBeUndefined();
  expect(shortWords(reserved(plainPlan.leastBytes))?.title).toBe("Room for about 5 minutes on this device");
});

test("until room is reserved nothing starts", () => {
  expect(roomObstacle({ kind: "asking" })).toBeDefined();
  for (const code of ["storage_full", "storage_unavailable", "recorder_unsupported", "internal_error"] as const) {
    expect(roomWords({ kind: "refused", code }).tone).toBe("danger");
    expect(shortWords({ kind: "refused", code })).toBeUndefined();
    expect(roomObstacle({ kind: "refused", code })).toBeDefined();
  }
});

test("each refusal says what can be done", () => {
  expect(refusedWords({ code: "storage_full" }).text).toMatch(/less than five minutes.*discard older recordings/u);
  expect(refusedWords({ code: "storage_unavailable" }).text).toContain("normal window");
  const lacksCall = refusedWords({ code: "storage_unavailable", detail: "TypeError" });
  expect(lacksCall.title).toBe("This browser cannot record safely");
  expect(lacksCall.text).toMatch(/It lacks.*Use a current/u);
  expect(refusedWords({ code: "recorder_unsupported", detail: "No microphone for websites." }).text).toMatch(
    /^No microphone for websites\. Use a current/u,
  );
  const advised = "This browser cannot record sound. Use a current Chrome, Edge or Firefox.";
  expect(refusedWords({ code: "recorder_unsupported", detail: advised }).text).toBe(advised);
});
