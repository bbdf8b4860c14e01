import { afterEach, expect, test } from "vitest";
import { MsaDiscovery, MsaTemplates } from "#protocol/medscribealliance-service.ts";
import { MsaError, MsaSessionEnded, MsaUploadAnswer } from "#protocol/medscribealliance.ts";
import { writeWav } from "#local-scribe/decode/wav.ts";
import { createLocalScribe, type LocalScribe, type LocalScribeOptions } from "#local-scribe/local-scribe.ts";
import {
  createCountingEngine,
  createHandClock,
  createTrialClient,
  quotingWriter,
  temporaryDirectory,
  visitChunks,
} from "#local-scribe/trial.ts";

const chunks = visitChunks();
let running: LocalScribe | undefined;

async function start(more: Partial<LocalScribeOptions> = {}) {
  const clock = createHandClock();
  const options = { speech: createCountingEngine(), writer: quotingWriter, dataDir: temporaryDirectory(), clock };
  running = await createLocalScribe({ ...options, ...more });
  return { scribe: running, clock, client: createTrialClient(running.url), options };
}

afterEach(() => running?.close());

async function errorOf(answer: Response) {
  return { status: answer.status, ...MsaError.parse(await answer.json()).error };
}

async function uploadAnswer(answer: Response) {
  expect(answer.status).toBe(200);
  return MsaUploadAnswer.parse(await answer.json());
}

test("discovery tells everything a client needs, to anybody", async () => {
  const { scribe } = await start();
  const answer = await fetch(`${scribe.url}/.well-known/medscribealliance`);
  expect(answer.headers.get("cache-control")).toBe("public, max-age=3600");
  const found = MsaDiscovery.parse(await answer.json());
  expect(found.endpoints?.base_url).toBe(`${scribe.url}/v1`);
  expect(found.capabilities).toMatchObject({
    audio_formats: ["audio/webm;codecs=opus", "audio/wav"],
    max_chunk_duration_seconds: 20,
  });
  expect(found.models.map(({ id, max_session_duration_seconds }) => [id, max_session_duration_seconds])).toEqual([
    ["pro", 10_800],
    ["lite", 600],
  ]);
  expect(found.engines).toEqual({ speech: "counting", note_writer: "quoting" });
});

test("keys are needed, in either header, and wrong ones are told from missing ones", async () => {
  const { scribe, client } = await start({ apiKeys: ["sk_test_old_key", "sk_test_chartside"] });
  const ask = (headers: Record<string, string>) => fetch(`${scribe.url}/v1/templates`, { headers });
  expect(await errorOf(await ask({}))).toMatchObject({ status: 401, code: "authentication_failed" });
  expect(await errorOf(await ask({ "x-api-key": "sk_test_wrong" }))).toMatchObject({
    status: 401,
    code: "invalid_api_key",
  });
  expect((await ask({ authorization: "Bearer sk_test_chartside" })).status).toBe(200);
  expect((await ask({ "x-api-key": "sk_test_old_key" })).status).toBe(200);
  const listed = MsaTemplates.parse(await (await client.call("/v1/templates")).json());
  expect(listed.templates.map(({ id }) => id)).toEqual(["soap", "medications", "transcript"]);
});

test("another version of the protocol is refused with the one spoken", async () => {
  const { client } = await start();
  const error = await errorOf(await client.call("/v1/templates", { headers: { "msa-version": "0.2" } }));
  expect(error).toMatchObject({ status: 400, code: "unsupported_version" });
  expect(error.details).toEqual({ requested_version: "0.2", supported_versions: ["0.1"] });
  expect((await client.call("/v1/templates", { headers: { "msa-version": "0.1" } })).status).toBe(200);
});

test("a session as the current text asks for it", async () => {
  const { client, scribe, clock } = await start();
  const answer = await client.postJson("/v1/sessions", {
    templates: ["soap"],
    model: "lite",
    language_hint: ["en"],
    transcript_language: "en",
    upload_type: "chunked",
    communication_protocol: "http",
    additional_data: { visit: "v1" },
  });
  expect(answer.status).toBe(201);
  const created: Record<string, unknown> = (await answer.json()) as Record<string, unknown>;
  expect(created["session_id"]).toMatch(/^ses_[a-zA-Z0-9]{12,28}$/u);
  expect(created["upload_url"]).toBe(`${scribe.url}/v1/sessions/${String(created["session_id"])}/audio`);
  expect(Date.parse(String(created["expires_at"])) - clock.now()).toBe(600_000);
  const { status, session } = await client.read(String(created["session_id"]));
  expect(status).toBe(202);
  expect(session).toMatchObject({ status: "created", additional_data: { visit: "v1" }, audio_files: [] });
});

test("a session as the older text asks for it", async () => {
  const { client } = await start();
  const id = await client.create({ language_hint: "en", include_transcript: true, metadata: { emr: "enc_1" } });
  expect((await client.read(id)).session.metadata).toEqual({ emr: "enc_1" });
});

test.each([
  [{}, 400, "missing_required_field"],
  [{ templates: "soap" }, 400, "invalid_request"],
  [{ templates: [] }, 400, "invalid_request"],
  [{ templates: ["soap"], model: "huge" }, 400, "invalid_request"],
  [{ templates: ["soap"], upload_type: "stream" }, 400, "invalid_request"],
  [{ templates: ["soap"], language_hint: ["hi", "ta"] }, 422, "language_unsupported"],
  [{ templates: ["soap"], additional_data: { text: "x".repeat(5000) } }, 400, "invalid_request"],
])("a session asked for with %j is refused", async (body, status, code) => {
  const { client } = await start();
  expect(await errorOf(await client.postJson("/v1/sessions", body))).toMatchObject({ status, code });
});

test("the body of a request is read as JSON or refused", async () => {
  const { client } = await start();
  const send = (body: string, type = "application/json") =>
    client.call("/v1/sessions", { method: "POST", headers: { "content-type": type }, body });
  expect(await errorOf(await send("{"))).toMatchObject({ status: 400, code: "invalid_request" });
  expect(await errorOf(await send(JSON.stringify({ templates: ["x".repeat(70_000)] })))).toMatchObject({ status: 413 });
  expect((await client.call("/v1/elsewhere")).status).toBe(404);
  expect(await errorOf(await client.call("/v1/sessions/ses_none"))).toMatchObject({
    status: 404,
    code: "session_not_found",
  });
});

test("chunks are taken in every way the protocol knows", async () => {
  const { client } = await start();
  const id = await client.create();
  const audio = `/v1/sessions/${id}/audio`;
  const type = "audio/webm;codecs=opus";
  const form = new FormData();
  form.set("file", new File([chunks[1]!], "audio_1.webm", { type }));

  const byIndex = await client.call(audio, {
    method: "POST",
    headers: { "content-type": type, "x-chunk-index": "0" },
    body: chunks[0]!,
  });
  expect(await uploadAnswer(byIndex)).toMatchObject({
    session_id: id,
    chunk_index: 0,
    chunk_duration_ms: 15_000,
    total_duration_ms: 15_000,
    status: "received",
    size_bytes: chunks[0]!.length,
  });
  const byForm = await client.call(audio, { method: "POST", body: form });
  expect(await uploadAnswer(byForm)).toMatchObject({
    chunk_index: 1,
    filename: "audio_1.webm",
    chunk_duration_ms: 13_800,
  });
  const byName = await client.call(`${audio}/visit_2.webm`, {
    method: "POST",
    headers: { "content-type": type },
    body: chunks[2]!,
  });
  expect(await uploadAnswer(byName)).toMatchObject({ chunk_index: 2, original_filename: "visit_2.webm" });
  const byDisposition = await client.call(audio, {
    method: "POST",
    headers: {
      "content-type": "audio/webm; codecs=opus",
      "content-disposition": 'attachment; filename="audio_3.webm"',
    },
    body: chunks[3]!,
  });
  expect(await uploadAnswer(byDisposition)).toMatchObject({ chunk_index: 3, total_duration_ms: 59_940 });

  const { session } = await client.read(id);
  expect(session.status).toBe("recording");
  expect(session.audio_files).toEqual(["audio_0.webm", "audio_1.webm", "visit_2.webm", "audio_3.webm"]);
});

test("the same chunk again is stored once, another in its place is a conflict", async () => {
  const { client } = await start();
  const id = await client.create();
  const first = await uploadAnswer(await client.send(id, 0, chunks[0]!));
  const again = await Promise.all([0, 0, 0].map((place) => client.send(id, place, chunks[0]!)));
  for (const answer of again) expect(await uploadAnswer(answer)).toEqual(first);
  expect(await errorOf(await client.send(id, 0, chunks[1]!))).toMatchObject({
    status: 409,
    code: "audio_conflict",
    details: { chunk_index: 0, sha256: first.sha256 },
  });
  expect((await client.read(id)).session.audio_files_received).toBe(1);
});

test("of two different chunks sent for one place at once, one is stored", async () => {
  const { client } = await start();
  const id = await client.create();
  const answers = await Promise.all([client.send(id, 0, chunks[0]!), client.send(id, 0, chunks[1]!)]);
  expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409]);
});

test("uploads that cannot be used are refused and leave nothing", async () => {
  const { client } = await start();
  const id = await client.create();
  const send = (body: Uint8Array<ArrayBuffer>, headers: Record<string, string>) =>
    client.call(`/v1/sessions/${id}/audio`, { method: "POST", headers, body });
  const opus = { "content-type": "audio/webm;codecs=opus" };
  const first = { ...opus, "x-chunk-index": "0" };
  const long = new Uint8Array(writeWav(new Int16Array(16_000 * 22)));

  expect(await errorOf(await send(chunks[0]!, opus))).toMatchObject({ status: 400, code: "missing_required_field" });
  expect(await errorOf(await send(chunks[0]!, { ...opus, "x-chunk-index": "01" }))).toMatchObject({ status: 400 });
  expect(await errorOf(await send(Buffer.from("nothing"), first))).toMatchObject({ code: "invalid_audio_format" });
  expect(await errorOf(await send(Buffer.alloc(0), first))).toMatchObject({ status: 400 });
  const mp3 = { "content-type": "audio/mp3", "x-chunk-index": "0" };
  expect(await errorOf(await send(chunks[0]!, mp3))).toMatchObject({
    code: "invalid_audio_format",
    details: { supported_formats: ["audio/webm;codecs=opus", "audio/wav"] },
  });
  const wav = { "content-type": "audio/wav", "x-chunk-index": "0" };
  expect(await errorOf(await send(long, wav))).toMatchObject({
    status: 400,
    code: "chunk_too_large",
    details: { chunk_duration_seconds: 22, max_duration_seconds: 20 },
  });
  expect(await errorOf(await send(new Uint8Array(1_200_000), first))).toMatchObject({
    status: 413,
    code: "file_too_large",
  });
  expect((await client.read(id)).session.audio_files_received).toBe(0);
});

test("the end counts, is safe to repeat, and closes the session to new audio", async () => {
  const { client } = await start();
  const id = await client.create();
  await client.send(id, 0, chunks[0]!);
  const ended = await client.end(id, 1);
  expect(ended.status).toBe(202);
  expect(MsaSessionEnded.parse(await ended.json())).toMatchObject({
    session_id: id,
    status: "processing",
    audio_files_received: 1,
    audio_files: ["audio_0.webm"],
    audio_duration_ms: 15_000,
  });
  const session = await client.finished(id);
  expect((await client.end(id, 1)).status).toBe(202);
  expect((await client.read(id)).session).toEqual(session);
  expect(await errorOf(await client.send(id, 1, chunks[1]!))).toMatchObject({ status: 400, code: "session_ended" });
  expect((await client.send(id, 0, chunks[0]!)).status).toBe(200);
});

test("the older way to end has no body", async () => {
  const { client } = await start();
  const id = await client.create();
  await client.send(id, 0, chunks[0]!);
  const headers = { "content-type": "application/json" };
  expect((await client.call(`/v1/sessions/${id}/end`, { method: "POST", headers })).status).toBe(202);
  expect((await client.finished(id)).status).toBe("completed");
});

test("a finished session holds note, transcript, segments and engines", async () => {
  const { client } = await start();
  const id = await client.create({ templates: ["soap", "medications", "transcript"] });
  await client.send(id, 0, chunks[0]!);
  await client.end(id, 1);
  const session = await client.finished(id);
  const said = Array.from({ length: 15 }, () => "second").join(" ");
  expect((await client.read(id)).status).toBe(200);
  expect(session.templates).toEqual({
    soap: { status: "success", data: { subjective: said, objective: "", assessment: "", plan: "" } },
    medications: { status: "success", data: [] },
    transcript: { status: "success", data: said },
  });
  expect(session.transcript).toBe(said);
  expect(session.transcript_segments?.[0]).toMatchObject({ id: "s0", speaker: "unknown", start_ms: 0, end_ms: 15_000 });
  expect(session.transcript_segments?.[0]?.words[2]).toEqual({
    text: "second",
    start_ms: 2000,
    end_ms: 2900,
    confidence: 1,
    unclear: false,
  });
  expect(session.progress).toEqual({ step: "done", transcribed_ms: 15_000 });
  expect(session.engines).toEqual({ speech: "counting", note_writer: "quoting" });
});

test("an unknown template fails alone", async () => {
  const { client } = await start();
  const id = await client.create({ templates: ["soap", "horoscope"] });
  await client.send(id, 0, chunks[0]!);
  await client.end(id, 1);
  const session = await client.finished(id);
  expect((await client.read(id)).status).toBe(206);
  expect(session.status).toBe("partial");
  expect(session.templates).toMatchObject({
    soap: { status: "success" },
    horoscope: { status: "failed", error: { code: "template_not_found" } },
  });
});

test("audio that was announced and never came makes the result partial, by name", async () => {
  const { client } = await start();
  const id = await client.create();
  await client.send(id, 0, chunks[0]!);
  await client.send(id, 2, chunks[2]!);
  await client.end(id, 4);
  const session = await client.finished(id);
  expect(session.status).toBe("partial");
  expect(session.processing_errors).toMatchObject([
    { type: "missing_audio", file: "audio_1" },
    { type: "missing_audio", file: "audio_3" },
  ]);
  expect(session.transcript_segments?.[0]?.words).toHaveLength(33);
});

test("a writer that fails leaves the transcript", async () => {
  const writer = { name: "broken", write: () => Promise.reject(new Error("no")) };
  const { client } = await start({ writer });
  const id = await client.create();
  await client.send(id, 0, chunks[0]!);
  await client.end(id, 1);
  const session = await client.finished(id);
  expect(session.status).toBe("partial");
  expect(session.templates).toMatchObject({ soap: { status: "failed", error: { code: "extraction_failed" } } });
  expect(session.transcript).toContain("second");
});

test("an engine that dies is tried a second time, and then the session fails", async () => {
  const working = createCountingEngine();
  let opened = 0;
  const speech = {
    name: "dying",
    open(onHeard: Parameters<typeof working.open>[0]) {
      opened += 1;
      const run = working.open(onHeard);
      return { ...run, finish: () => (opened < 3 && opened !== 2 ? Promise.reject(new Error("died")) : run.finish()) };
    },
  };
  const { client } = await start({ speech });
  const id = await client.create();
  await client.send(id, 0, chunks[0]!);
  await client.end(id, 1);
  expect((await client.finished(id)).status).toBe("completed");
  expect(opened).toBe(2);
  await running?.close();

  const dead = {
    name: "dead",
    open: () => ({ ...working.open(() => undefined), finish: () => Promise.reject(new Error()) }),
  };
  const other = await start({ speech: dead });
  const second = await other.client.create();
  await other.client.send(second, 0, chunks[0]!);
  await other.client.end(second, 1);
  const session = await other.client.finished(second);
  expect(session).toMatchObject({ status: "failed", error: { code: "processing_failed" } });
  expect((await other.client.read(second)).status).toBe(200);
});

test("a whole recording in one WAV, by PUT, in a form, or marked complete", async () => {
  const { client } = await start();
  const samples = Int16Array.from({ length: 16_000 * 25 }, (_, at) =>
    Math.round(3000 * Math.sin(at / 9) * Math.sin(at / 2000)),
  );
  const wav = new Uint8Array(writeWav(samples));
  const type = { "content-type": "audio/wav" };
  const form = new FormData();
  form.set("file", new File([wav], "visit.wav", { type: "audio/wav" }));
  const ways = [
    { method: "PUT", headers: type, body: wav },
    { method: "POST", headers: { ...type, "x-upload-type": "complete" }, body: wav },
    { method: "POST", body: form },
  ];
  for (const way of ways) {
    const id = await client.create(way.body === form ? { upload_type: "single" } : {});
    const answer = await uploadAnswer(await client.call(`/v1/sessions/${id}/audio`, way));
    expect(answer).toMatchObject({ chunk_index: 0, chunk_duration_ms: 25_000, filename: "audio_0.wav" });
  }
});

test("a session that is never ended expires, and says so to every call", async () => {
  const { client, clock, scribe } = await start();
  const id = await client.create({ model: "lite" });
  await client.send(id, 0, chunks[0]!);
  clock.advance(600_000);
  const upload = await errorOf(await client.send(id, 1, chunks[1]!));
  expect(upload).toMatchObject({ status: 410, code: "session_expired" });
  expect(upload.details?.["expired_at"]).toBe(new Date(clock.now()).toISOString());
  expect(await errorOf(await client.end(id, 1))).toMatchObject({ status: 410 });
  const { status, session } = await client.read(id);
  expect(status).toBe(410);
  expect(session).toMatchObject({ status: "expired", session_id: id, error: { code: "session_expired" } });

  const ended = await client.create({ model: "lite" });
  await client.send(ended, 0, chunks[0]!);
  await client.end(ended, 1);
  clock.advance(600_000);
  await scribe.tick();
  expect((await client.finished(ended)).status).toBe("completed");
});

test("results are forgotten after a week", async () => {
  const { client, clock, scribe } = await start();
  const id = await client.create();
  await client.send(id, 0, chunks[0]!);
  await client.end(id, 1);
  await client.finished(id);
  clock.advance(7 * 24 * 3_600_000 + 1);
  await scribe.tick();
  expect((await client.call(`/v1/sessions/${id}`)).status).toBe(404);
});

test("the log tells who touched which session, and holds no key, no audio and no word of the visit", async () => {
  const lines: string[] = [];
  const { client } = await start({
    logTo: { write: (line) => void lines.push(line) },
    speech: createCountingEngine("penicillin"),
  });
  const id = await client.create({ metadata: { note: "private" } });
  await client.send(id, 0, chunks[0]!);
  await client.end(id, 1);
  await client.finished(id);
  const log = lines.join("");
  expect(log).toContain(`"method":"POST","path":"/v1/sessions/${id}/audio","status":200`);
  expect(log).not.toMatch(/penicillin|private|sk_test/u);
});
