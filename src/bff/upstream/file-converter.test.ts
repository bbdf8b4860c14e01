/** A whole recording, as the browser exports it, streamed in small pieces. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { ByteStream, OutgoingFile } from "#scribe/scribe.ts";
import { fileToWav } from "./file-converter.ts";
import { opusToWav } from "./opus-to-wav.ts";

const webm = new Uint8Array(
  readFileSync(new URL("../../local-scribe/fixtures/chest-pain/audio_1.webm", import.meta.url)),
);
/** 230 packets of 60 ms. */
const durationMs = 13_800;

async function* inPieces(bytes: Uint8Array, size = 1000): ByteStream {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

const file = (bytes: ByteStream, more: Partial<OutgoingFile> = {}): OutgoingFile => {
  return { bytes, sizeBytes: webm.length, durationMs, mimeType: "audio/webm;codecs=opus", sha256: "", ...more };
};

async function bytesOf(stream: ByteStream): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}

test("the stream that comes out is the WAV of the whole, byte for byte, and as long as it says beforehand", async () => {
  const made = fileToWav(file(inPieces(webm)));
  const wav = await bytesOf(made.bytes);
  expect([made.mimeType, made.sizeBytes]).toEqual(["audio/wav", wav.length]);
  expect(wav.equals((await opusToWav(webm)).wav)).toBe(true);
});

test("a recording that breaks off, or is none, breaks off the WAV before its end", async () => {
  async function* broken(): ByteStream {
    yield webm.slice(0, 30_000);
    throw new Error("the line is cut");
  }
  await expect(bytesOf(fileToWav(file(broken())).bytes)).rejects.toMatchObject({ problem: { code: "scribe_refused" } });
  const nonsense = fileToWav(file(inPieces(new Uint8Array(5000))));
  await expect(bytesOf(nonsense.bytes)).rejects.toMatchObject({ problem: { code: "scribe_refused" } });
});
