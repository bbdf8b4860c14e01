import { expect, test } from "vitest";
import { decodeRecord } from "./read-record.ts";
import { encodeRecord } from "./records.ts";

test("how the microphone listened is kept with the recording; a start of before that was kept is read too", () => {
  const start = { recording: 1, mimeType: "audio/webm;codecs=opus", at: 1000 };
  const settings = { sampleRate: 48_000, channelCount: 1, echoCancellation: false, autoGainControl: true };
  const { kind, plain } = encodeRecord({ type: "recording", start: { ...start, settings } });
  expect(decodeRecord(kind, plain)).toEqual({ type: "recording", start: { ...start, settings } });
  const old = encodeRecord({ type: "recording", start });
  expect(decodeRecord(old.kind, old.plain)).toEqual({ type: "recording", start });
});
