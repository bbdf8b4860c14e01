import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { readWav } from "#local-scribe/decode/wav.ts";
import { createOpenAiSpeech } from "./openai.ts";
import type { Heard } from "./speech-engine.ts";

type Asked = { path: string; authorization: string | undefined; fields: Record<string, string>; samples: Int16Array };
type Answer = { status: number; body: unknown };
let server: Server | undefined;

afterEach(() => server?.close());

async function readForm(request: IncomingMessage): Promise<Asked> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const headers = { "content-type": request.headers["content-type"] ?? "" };
  const form = await new Response(Buffer.concat(parts), { headers }).formData();
  const file = form.get("file") as File;
  return {
    path: request.url ?? "",
    authorization: request.headers.authorization,
    fields: Object.fromEntries([...form].filter(([, value]) => typeof value === "string")) as Record<string, string>,
    samples: readWav(new Uint8Array(await file.arrayBuffer())),
  };
}

/** A transcription server that gives these answers in turn, the last one for ever. */
async function listen(answers: Answer[]) {
  const asked: Asked[] = [];
  server = createServer((request, response) => {
    void readForm(request).then((one) => {
      const answer = answers[Math.min(asked.length, answers.length - 1)]!;
      asked.push(one);
      response.writeHead(answer.status, { "content-type": "application/json" }).end(JSON.stringify(answer.body));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const heard: Heard[] = [];
  const engine = createOpenAiSpeech({ url, key: "sk-speech", model: "whisper-1", retryDelaysMs: [0, 0] });
  return { asked, heard, run: engine.open((one) => heard.push(one)), engine };
}

/** Speech of a sort: a tone, with a pause of 400 ms at second 24. */
function tone(seconds: number): Int16Array {
  return Int16Array.from({ length: seconds * 16_000 }, (_, at) =>
    at > 24 * 16_000 && at < 24.4 * 16_000 ? 0 : Math.round(5000 * Math.sin(at / 8)),
  );
}

const verbose = {
  text: "Take aspirin. Thank you.",
  words: [
    { word: "Take", start: 0.5, end: 0.8 },
    { word: " aspirin", start: 0.8, end: 1.4 },
    { word: "Thank", start: 2, end: 2.3 },
    { word: "you", start: 2.3, end: 2.5 },
  ],
  segments: [
    { start: 0.5, end: 1.6, text: "Take aspirin.", avg_logprob: -0.1, no_speech_prob: 0.01 },
    { start: 1.6, end: 2.6, text: "Thank you.", avg_logprob: -0.4, no_speech_prob: 0.9 },
  ],
};

test("a session goes out in stretches that are cut in pauses; times count from its start", async () => {
  const { asked, heard, run } = await listen([{ status: 200, body: verbose }]);
  const samples = tone(40);
  for (let at = 0; at < samples.length; at += 50_000) await run.write(samples.subarray(at, at + 50_000));
  await run.finish();
  expect(asked).toHaveLength(2);
  expect(asked[0]).toMatchObject({
    path: "/v1/audio/transcriptions",
    authorization: "Bearer sk-speech",
    fields: { model: "whisper-1", response_format: "verbose_json", language: "en", temperature: "0" },
  });
  const cutMs = asked[0]!.samples.length / 16;
  expect(cutMs).toBeGreaterThan(24_000);
  expect(cutMs).toBeLessThan(24_400);
  expect([...asked[0]!.samples, ...asked[1]!.samples]).toEqual([...samples]);
  expect(heard[2]?.startMs).toBe(cutMs + 500);
  expect(heard[2]?.words[1]).toMatchObject({ text: "aspirin", startMs: cutMs + 800, endMs: cutMs + 1400 });
});

test("a segment that the model itself doubts is unclear", async () => {
  const { heard, run } = await listen([{ status: 200, body: verbose }]);
  await run.write(tone(3));
  await run.finish();
  expect(heard.map(({ words }) => words.map(({ text, unclear }) => [text, unclear]))).toEqual([
    [
      ["Take", false],
      ["aspirin", false],
    ],
    [
      ["Thank", true],
      ["you", true],
    ],
  ]);
  expect(heard[0]?.words[0]?.confidence).toBeCloseTo(Math.exp(-0.1));
});

test("an answer that is only text gives words without times", async () => {
  const { heard, run } = await listen([{ status: 200, body: { text: "no fever" } }]);
  await run.write(tone(3));
  await run.finish();
  expect(heard).toEqual([
    {
      startMs: null,
      endMs: null,
      words: ["no", "fever"].map((text) => ({ text, startMs: null, endMs: null, confidence: null, unclear: false })),
    },
  ]);
});

test("silence is not asked about", async () => {
  const { asked, heard, run } = await listen([{ status: 200, body: verbose }]);
  await run.write(new Int16Array(16_000 * 70));
  await run.finish();
  expect([asked.length, heard.length]).toEqual([0, 0]);
});

test("a busy service is asked again, for a while", async () => {
  const busy = { status: 503, body: {} };
  const first = await listen([busy, { status: 429, body: {} }, { status: 200, body: { text: "ok" } }]);
  await first.run.write(tone(2));
  await first.run.finish();
  expect(first.heard[0]?.words[0]?.text).toBe("ok");
  server?.close();

  const second = await listen([busy]);
  await second.run.write(tone(2));
  await expect(second.run.finish()).rejects.toMatchObject({ problem: { code: "processing_failed" } });
  expect(second.asked).toHaveLength(3);
});

test.each([
  [{ status: 401, body: {} }, "speech service 401"],
  [{ status: 200, body: { words: [] } }, "speech service answer unreadable"],
])("a refusal or nonsense fails at once: %j", async (answer, detail) => {
  const { asked, run } = await listen([answer]);
  await run.write(tone(2));
  await expect(run.finish()).rejects.toMatchObject({ problem: { code: "processing_failed", detail } });
  expect(asked).toHaveLength(1);
});

test("a closed run gives up", async () => {
  const { run } = await listen([{ status: 503, body: {} }]);
  await run.write(tone(2));
  run.close();
  await expect(run.finish()).rejects.toThrow();
});
