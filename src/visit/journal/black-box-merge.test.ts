import { expect, test } from "vitest";
import { soundBeyond } from "./black-box-merge.ts";
import type { BoxRecord } from "./black-box-records.ts";

const origin = 1_000_000;
const recording = 0;

/** Eight seconds of packets, heard at `wall`; the recorder's events come 55 ms after the sound. */
function boxWith(wallOf: (endMs: number) => number): BoxRecord[] {
  const sounds = Array.from({ length: 400 }, (_, index): BoxRecord => {
    const at = index * 20;
    return { type: "sound", sound: { at, wall: wallOf(at + 20), bytes: Uint8Array.of(index & 255) } };
  });
  return [
    { type: "tapped", tapped: { recording, codec: "opus", sampleRate: 48_000 } },
    { type: "saved", saved: { recording, originAt: origin + 55 } },
    ...sounds,
  ];
}

test("what came after the journal's last moment is taken, with one packet more", () => {
  const beyond = soundBeyond(
    boxWith((endMs) => origin + endMs + (endMs % 60)),
    { recording, endMs: 7000 },
  );
  expect(beyond?.sounds.at(0)?.endsAt).toBeGreaterThan(origin + 6940);
  expect(beyond?.sounds.at(0)?.endsAt).toBeLessThanOrEqual(origin + 7020);
  expect(beyond?.sounds.at(-1)?.endsAt).toBeGreaterThanOrEqual(origin + 8000);
});

test("an audio thread that was held up again and again, and lost half a second in all, moves only what came after", () => {
  const lostMs = 500;
  const lostBy = (endMs: number): number => Math.min(lostMs, Math.max(0, Math.floor((endMs - 3000) / 100) * 50));
  const beyond = soundBeyond(
    boxWith((endMs) => origin + endMs + lostBy(endMs)),
    { recording, endMs: 7000 },
  );
  const wanted = (8000 + lostMs - 7000) / 20;
  expect(beyond?.sounds.length).toBeGreaterThanOrEqual(wanted);
  expect(beyond?.sounds.length).toBeLessThanOrEqual(wanted + 3);
});
