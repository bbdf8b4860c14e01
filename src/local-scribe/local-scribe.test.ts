import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import {
  BufferSource,
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedPacketSink,
  Input,
  Output,
  WEBM,
  WebMOutputFormat,
} from "mediabunny";
import { afterEach, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import type { MsaSession } from "#protocol/medscribealliance.ts";
import { writeWav } from "./decode/wav.ts";
import { createLocalScribe, type LocalScribe } from "./local-scribe.ts";
import { createAgreeingEngine, spreadShifts } from "./transcribe/agreement.ts";
import { createPocketsphinx } from "./transcribe/pocketsphinx.ts";
import { createTrialClient, needPocketsphinx, quotingWriter, temporaryDirectory, visitChunks } from "./trial.ts";

/** 46.8 s of the visit: enough to be cut twice. */
const chunks = visitChunks().slice(0, 3);
/** One take and the engine's own vocabulary, as `start` has it. */
const plain = { LOCAL_SCRIBE_TAKES: "1", LOCAL_SCRIBE_VOCABULARY: "plain" };
let running: LocalScribe | undefined;
let child: ChildProcess | undefined;

beforeAll(needPocketsphinx);
afterEach(async () => {
  await running?.close();
  running = undefined;
  child?.kill("SIGKILL");
});

async function start(speech = createPocketsphinx()) {
  const options = { dataDir: temporaryDirectory(), speech, writer: quotingWriter };
  running = await createLocalScribe(options);
  return { client: createTrialClient(running.url), dataDir: options.dataDir };
}

/** The same packets as one WebM file. */
async function wholeRecording(): Promise<Uint8Array<ArrayBuffer>> {
  const target = new BufferTarget();
  const output = new Output({ format: new WebMOutputFormat(), target });
  const source = new EncodedAudioPacketSource("opus");
  output.addAudioTrack(source);
  await output.start();
  let at = 0;
  for (const chunk of chunks) {
    const input = new Input({ source: new BufferSource(chunk), formats: [WEBM] });
    const track = await input.getPrimaryAudioTrack();
    const decoderConfig = await track!.getDecoderConfig();
    for await (const packet of new EncodedPacketSink(track!).packets()) {
      await source.add(new EncodedPacket(packet.data, "key", at, 0.06), { decoderConfig: decoderConfig! });
      at += 0.06;
    }
  }
  await output.finalize();
  return new Uint8Array(target.buffer!);
}

function wordsOf(session: MsaSession) {
  return session.transcript_segments?.map(({ words }) => words);
}

/** The server as its own process, on a directory that outlives it. */
async function spawnScribe(dataDir: string): Promise<string> {
  child = spawn(process.execPath, [join(import.meta.dirname, "main.ts")], {
    env: { ...process.env, LOCAL_SCRIBE_PORT: "0", LOCAL_SCRIBE_DATA_DIR: dataDir, ...plain },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [line] = await once(createInterface({ input: child.stdout! }), "line");
  return z.object({ ready: z.literal(true), url: z.url() }).parse(JSON.parse(String(line))).url;
}

async function end(signal: "SIGKILL" | "SIGTERM"): Promise<number | null> {
  const closed = once(child!, "close");
  child?.kill(signal);
  await closed;
  return child?.exitCode ?? null;
}

async function hearWhole(): Promise<MsaSession> {
  const { client } = await start();
  const id = await client.create({ upload_type: "single" });
  const put = { method: "PUT", headers: { "content-type": "audio/webm;codecs=opus" }, body: await wholeRecording() };
  expect((await client.call(`/v1/sessions/${id}/audio`, put)).status).toBe(200);
  await client.end(id, 1);
  return client.finished(id);
}

test(
  "a killed scribe goes on, and chunk by chunk it hears what it hears of the whole",
  { timeout: 180_000 },
  async () => {
    const dataDir = temporaryDirectory();
    const first = createTrialClient(await spawnScribe(dataDir));
    const id = await first.create();
    for (const place of [1, 0]) expect((await first.send(id, place, chunks[place]!)).status).toBe(200);
    await first.readUntil(id, ({ transcript_segments }) => (transcript_segments?.length ?? 0) > 0);
    await end("SIGKILL");

    const second = createTrialClient(await spawnScribe(dataDir));
    for (const place of [2, 2, 0]) expect((await second.send(id, place, chunks[place]!)).status).toBe(200);
    expect((await second.read(id)).session.audio_files_received).toBe(3);
    expect(readdirSync(join(dataDir, "audio", id)).sort()).toEqual(["0", "1", "2"]);
    await second.end(id, 3);
    const parted = await second.finished(id);
    expect(parted.status).toBe("completed");
    expect(await end("SIGTERM")).toBe(0);
    expect(readdirSync(join(dataDir, "audio"))).toEqual([]);

    const whole = await hearWhole();
    expect(wordsOf(parted)).toEqual(wordsOf(whole));
    expect(parted.transcript).toContain("i am allergic to penicillin");
    expect(parted.progress).toEqual({ step: "done", transcribed_ms: 46_800 });
  },
);

test(
  "a scribe killed between the end of a visit and its note writes the note after all",
  { timeout: 120_000 },
  async () => {
    const dataDir = temporaryDirectory();
    const first = createTrialClient(await spawnScribe(dataDir));
    const id = await first.create();
    await first.send(id, 0, chunks[0]!);
    await first.end(id, 1);
    await end("SIGKILL");
    const second = createTrialClient(await spawnScribe(dataDir));
    const session = await second.finished(id);
    expect(session.status).toBe("completed");
    expect(session.transcript).toContain("chest pain");
  },
);

/** The same noise on every run; its level swells, so that some of it passes the gate. */
function swellingNoise(seconds: number): Int16Array {
  let state = 1;
  return Int16Array.from({ length: seconds * 16_000 }, (_, at) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.round((state / 2 ** 31 - 1) * 9000 * (0.05 + Math.abs(Math.sin(at / 4000))));
  });
}

function steadyNoise(seconds: number): Int16Array {
  let state = 7;
  return Int16Array.from({ length: seconds * 16_000 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.round((state / 2 ** 31 - 1) * 9000);
  });
}

test.each([
  ["silence", new Int16Array(16_000 * 15), "audio_too_short"],
  ["half a second", steadyNoise(1).subarray(0, 8000), "audio_too_short"],
  ["steady noise", steadyNoise(8), "audio_quality_poor"],
  ["swelling noise", swellingNoise(5), "audio_quality_poor"],
])("%s makes no note", { timeout: 60_000 }, async (_name, samples, code) => {
  const { client } = await start();
  const id = await client.create();
  const upload = await client.call(`/v1/sessions/${id}/audio/audio_0.wav`, {
    method: "POST",
    headers: { "content-type": "audio/wav" },
    body: new Uint8Array(writeWav(samples)),
  });
  expect(upload.status).toBe(200);
  await client.end(id, 1);
  const session = await client.finished(id);
  expect(session).toMatchObject({ status: "failed", error: { code } });
  expect(session.templates).toBeUndefined();
});

test("a session without any audio makes no note", async () => {
  const { client } = await start();
  const id = await client.create();
  await client.end(id, 0);
  expect(await client.finished(id)).toMatchObject({ status: "failed", error: { code: "audio_too_short" } });
});

test("words come while the visit still runs, with times, confidence and doubt", { timeout: 60_000 }, async () => {
  const { client } = await start(createAgreeingEngine(createPocketsphinx(), { shiftsInSamples: spreadShifts(3) }));
  const id = await client.create();
  await client.send(id, 0, chunks[0]!);
  const session = await client.readUntil(id, (now) => (now.transcript_segments?.length ?? 0) > 1);
  expect(session.status).toBe("recording");
  expect(session.progress?.step).toBe("receiving");
  const words = session.transcript_segments!.flatMap((segment) => segment.words);
  for (const word of words) {
    expect(word.end_ms! - word.start_ms!).toBeGreaterThan(0);
    expect(word.confidence).toBeGreaterThan(0);
  }
  const clear = words.filter(({ unclear }) => !unclear).map(({ text }) => text);
  expect(clear.join(" ")).toContain("good morning");
});
