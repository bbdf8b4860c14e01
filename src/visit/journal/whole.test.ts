/** A visit whose recordings are in different formats, as files: every packet is in one of them, in order, and each plays. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from "mediabunny";
import { beforeEach, expect, test } from "vitest";
import { indexOfBytes } from "./bytes.ts";
import { createMp4Reader } from "./read-mp4.ts";
import { createWebmReader } from "./read-webm.ts";
import { createDevice, headerOf, visitId, type Device } from "./test-journal.ts";
import type { VisitJournal } from "./visit-journal.ts";

const fixture = (name: string) => new Uint8Array(readFileSync(join(import.meta.dirname, "fixtures", name)));
const webm = { mimeType: "audio/webm;codecs=opus", bytes: fixture("chromium-47s.webm").slice(0, 100_000) };
const opusInMp4 = { mimeType: "audio/mp4;codecs=opus", bytes: fixture("chromium-6s.mp4") };
const aac = { mimeType: "audio/mp4;codecs=mp4a.40.2", bytes: fixture("aac-3s.mp4") };
type Recorded = typeof webm;

let device: Device;
beforeEach(() => {
  device = createDevice();
});

/** One recording after the other, and a restart. */
async function recorded(...recordings: Recorded[]): Promise<VisitJournal> {
  const journal = await device.restart();
  await journal.open(headerOf(visitId));
  const visit = journal.visit(visitId);
  for (const [index, { mimeType, bytes }] of recordings.entries()) {
    const recording = await visit.beginRecording(mimeType);
    await visit.append({ recording, bytes, capturedAt: 100_000 * (index + 1), levels: [] });
    await visit.endRecording(recording);
  }
  return (await device.restart()).visit(visitId);
}

/** As another reader than ours finds them. */
async function openAlone(bytes: Uint8Array<ArrayBuffer>) {
  const input = new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS });
  const track = (await input.getPrimaryAudioTrack())!;
  const packets: Uint8Array[] = [];
  for await (const packet of new EncodedPacketSink(track).packets()) packets.push(packet.data);
  return {
    codec: track.codec,
    packets,
    sampleRate: track.sampleRate,
    durationMs: (await input.computeDuration()) * 1000,
  };
}

const packetsOf = ({ mimeType, bytes }: Recorded): Uint8Array[] => {
  const reader = mimeType.startsWith("audio/mp4") ? createMp4Reader() : createWebmReader();
  return reader.push(bytes).map((packet) => packet.bytes);
};

test("begun as WebM, resumed as MP4 with AAC: two files, each with all its packets, and each says how long it is", async () => {
  const files = await (await recorded(webm, aac)).whole();
  expect(files.map(({ mimeType }) => mimeType)).toEqual(["audio/webm;codecs=opus", "audio/mp4"]);
  for (const [index, recording] of [webm, aac].entries()) {
    const { bytes, durationMs } = files[index]!;
    const alone = await openAlone(bytes);
    expect(alone.codec).toBe(["opus", "aac"][index]);
    expect(alone.packets).toEqual(packetsOf(recording));
    expect(Math.abs(alone.durationMs - durationMs)).toBeLessThan(1);
  }
});

test("the same format again is the same file; another one between begins a new one", async () => {
  const files = await (await recorded(webm, webm, aac, aac, webm)).whole();
  expect(files.map(({ mimeType }) => mimeType)).toEqual([
    "audio/webm;codecs=opus",
    "audio/mp4",
    "audio/webm;codecs=opus",
  ]);
  const packets = await Promise.all(files.map(async ({ bytes }) => (await openAlone(bytes)).packets));
  expect(packets).toEqual([
    [...packetsOf(webm), ...packetsOf(webm)],
    [...packetsOf(aac), ...packetsOf(aac)],
    packetsOf(webm),
  ]);
});

test("Opus is one file, whatever it was recorded in, and its chunks say that they are WebM", async () => {
  const visit = await recorded(opusInMp4, webm);
  const files = await visit.whole();
  expect(files).toHaveLength(1);
  expect((await openAlone(files[0]!.bytes)).packets).toEqual([...packetsOf(opusInMp4), ...packetsOf(webm)]);
  await visit.close();
  const { chunks } = visit.state();
  expect(new Set(chunks.map(({ mimeType }) => mimeType))).toEqual(new Set(["audio/webm;codecs=opus"]));
  for (const { sequence } of chunks) expect((await openAlone(await visit.chunk(sequence))).codec).toBe("opus");
});

test("each chunk says what it is, also in a visit that began as something else", async () => {
  const visit = await recorded(webm, aac);
  await visit.close();
  const kinds = visit.state().chunks.map(({ mimeType, recording }) => `${recording} ${mimeType}`);
  expect(new Set(kinds)).toEqual(new Set(["0 audio/webm;codecs=opus", "1 audio/mp4"]));
});

test("AAC of another rate is another file: one description cannot be true of both", async () => {
  const other = { ...aac, bytes: aac.bytes.slice() };
  // AudioSpecificConfig of 44.1 kHz mono (0x1208) becomes that of 48 kHz mono (0x1188).
  const config = indexOfBytes(other.bytes, [0x05, 0x80, 0x80, 0x80]);
  const at = indexOfBytes(other.bytes.subarray(config), [0x12, 0x08]) + config;
  other.bytes.set([0x11, 0x88], at);
  const files = await (await recorded(aac, other)).whole();
  expect(files).toHaveLength(2);
  const rates = await Promise.all(files.map(async ({ bytes }) => (await openAlone(bytes)).sampleRate));
  expect(rates).toEqual([44_100, 48_000]);
});

test("nothing recorded: no file", async () => {
  await expect((await recorded()).whole()).rejects.toMatchObject({ problem: { code: "not_found" } });
});
