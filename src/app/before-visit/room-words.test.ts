import { expect, test } from "vitest";
import { refusedWords, roomObstacle, roomWords } from "./room-words.ts";

test("a reservation tells how long a visit may be", () => {
  expect(roomWords({ kind: "reserved", bytes: 48_000_000 })).toEqual({
    tone: "good",
    words: "Room for 2 h is reserved",
  });
  expect(roomWords({ kind: "reserved", bytes: 64_000_000 }).words).toBe("Room for 2.5 h is reserved");
  expect(roomWords({ kind: "reserved", bytes: 16_000_000 }).words).toBe("Room for 40 min is reserved");
  expect(roomObstacle({ kind: "reserved", bytes: 48_000_000 })).toBeUndefined();
});

test("until room is reserved nothing starts", () => {
  expect(roomObstacle({ kind: "asking" })).toBeDefined();
  for (const code of ["storage_full", "storage_unavailable", "recorder_unsupported", "internal_error"] as const) {
    expect(roomWords({ kind: "refused", code }).tone).toBe("danger");
    expect(roomObstacle({ kind: "refused", code })).toBeDefined();
  }
});

test("each refusal says what can be done", () => {
  expect(refusedWords({ code: "storage_full" }).text).toContain("discard older recordings");
  expect(refusedWords({ code: "storage_unavailable" }).text).toContain("normal window");
  expect(refusedWords({ code: "recorder_unsupported", detail: "No microphone for websites." }).text).toMatch(
    /^No microphone for websites\. Use a current/u,
  );
  const advised = "This browser cannot record sound. Use a current Chrome, Edge or Safari.";
  expect(refusedWords({ code: "recorder_unsupported", detail: advised }).text).toBe(advised);
});
