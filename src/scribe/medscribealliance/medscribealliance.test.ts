/** The adapter against the protocol's own traces: the wire is answered by hand, request by request. */
import { expect, test } from "vitest";
import { createFakeWaiting, createFakeWire } from "#scribe/fake-wire.ts";
import type { OutgoingChunk, ScribeJob } from "#scribe/scribe.ts";
import { createMedScribeAlliance } from "./medscribealliance.ts";

const document = {
  protocol: "medscribealliance",
  protocol_version: "0.1",
  supported_versions: ["0.1"],
  service: { name: "Example Scribe" },
  endpoints: {
    base_url: "https://api.scribe.example.com/v1",
    webhooks_url: "https://api.scribe.example.com/v1/webhooks",
  },
  authentication: { supported_methods: ["api_key"] },
  capabilities: { audio_formats: ["audio/webm;codecs=opus", "audio/wav"], max_chunk_duration_seconds: 20 },
  models: [
    { id: "lite", languages: ["en"], max_session_duration_seconds: 600 },
    { id: "pro", languages: ["en", "hi"], max_session_duration_seconds: 3600 },
  ],
};

const session = "https://api.scribe.example.com/v1/sessions/ses_abc123def456";
const job: ScribeJob = { id: "ses_abc123def456", uploadUrl: `${session}/audio`, expiresAt: null, form: "named" };
const numbered: ScribeJob = { ...job, form: "numbered" };
const sha256 = "0".repeat(64);

function chunk(sequence: number, mimeType = "audio/webm; codecs=opus"): OutgoingChunk {
  return { sequence, bytes: new Uint8Array([1, 2, 3]), mimeType, sha256 };
}

function setUp(random = 0) {
  const wire = createFakeWire();
  const waiting = createFakeWaiting({ random });
  const scribe = createMedScribeAlliance({
    url: "https://scribe.example.com",
    apiKey: "sk_live_xxx",
    send: wire.send,
    waiting,
  });
  const discovered = async (changes: object = {}, headers: Record<string, string> = {}) => {
    const request = await wire.nextRequest();
    request.respondWith({ status: 200, headers, body: { ...document, ...changes } });
    return request.request;
  };
  return { wire, waiting, scribe, discovered };
}

const read = (body: object, status = 200) => reading(body, status);

async function reading(body: object, status: number) {
  const { wire, scribe, discovered } = setUp();
  const asked = scribe.read(job);
  await discovered();
  const request = await wire.nextRequest();
  expect(request.request).toMatchObject({ method: "GET", url: session });
  request.respondWith({ status, body: { session_id: job.id, ...body } });
  return asked;
}

test("discovery is asked for at the origin's root, without the key, and kept as Cache-Control says", async () => {
  const { wire, waiting, scribe, discovered } = setUp();
  const first = scribe.abilities();
  const request = await discovered({}, { "cache-control": "public, max-age=60" });
  expect(request.url).toBe("https://scribe.example.com/.well-known/medscribealliance");
  expect(request.headers["x-api-key"]).toBeUndefined();
  expect(await first).toMatchObject({
    service: "Example Scribe",
    protocol: "MedScribeAlliance 0.1",
    model: "pro",
    maxChunkMs: 19_000,
    maxSessionMs: 3_600_000,
  });
  waiting.advance(59_000);
  await scribe.abilities();
  expect(wire.pending()).toBe(0);
  waiting.advance(1_000);
  const second = scribe.abilities();
  await discovered();
  await second;
});

test("many callers wait for one discovery", async () => {
  const { wire, scribe, discovered } = setUp();
  const both = Promise.all([scribe.abilities(), scribe.abilities()]);
  await discovered();
  await both;
  expect(wire.pending()).toBe(0);
});

test("an https service may not send the key over plain http", async () => {
  const { scribe, discovered } = setUp();
  const asked = scribe.abilities();
  await discovered({ endpoints: { base_url: "http://api.scribe.example.com/v1" } });
  await expect(asked).rejects.toMatchObject({ problem: { code: "scribe_refused" } });
});

test("a session is created with the superset body, the key, and nothing about the patient", async () => {
  const { wire, scribe, discovered } = setUp();
  const opened = scribe.open("visit-1.1");
  await discovered();
  const create = await wire.nextRequest();
  expect(create.request).toMatchObject({ method: "POST", url: "https://api.scribe.example.com/v1/sessions" });
  expect(create.request.headers).toMatchObject({ "x-api-key": "sk_live_xxx", "msa-version": "0.1" });
  expect(create.json()).toEqual({
    templates: ["soap", "medications"],
    model: "pro",
    language_hint: ["en"],
    transcript_language: "en",
    upload_type: "chunked",
    communication_protocol: "http",
    additional_data: { reference: "visit-1.1" },
  });
  create.respondWith({
    status: 201,
    body: {
      session_id: "ses_abc123def456",
      status: "created",
      expires_at: "2025-01-19T11:30:00Z",
      upload_url: `${session}/audio`,
    },
  });
  expect(await opened).toEqual({ ...job, expiresAt: Date.UTC(2025, 0, 19, 11, 30) });
});

test("a service that offers a list of templates is asked only for what it has", async () => {
  const { wire, scribe, discovered } = setUp();
  const opened = scribe.open("visit-1.1");
  await discovered({
    endpoints: { ...document.endpoints, templates_url: "https://api.scribe.example.com/v1/templates" },
  });
  const list = await wire.nextRequest();
  expect(list.request.url).toBe("https://api.scribe.example.com/v1/templates");
  list.respondWith({ status: 200, body: { templates: [{ id: "soap", name: "SOAP" }, { id: "vitals" }] } });
  const create = await wire.nextRequest();
  expect(create.json()).toMatchObject({ templates: ["soap"] });
  create.respondWith({ status: 201, body: { session_id: job.id, status: "created", upload_url: job.uploadUrl } });
  await opened;
});

test("form A: no upload_url in the answer means numbered chunks below base_url, and a session in its own words", async () => {
  const { wire, scribe, discovered } = setUp();
  const opened = scribe.open("visit-1.1");
  await discovered({ endpoints: undefined });
  const create = await wire.nextRequest();
  expect(create.request.url).toBe("https://scribe.example.com/v1/sessions");
  create.respondWith({ status: 201, body: { session_id: "ses_first", status: "created" } });
  const older = await wire.nextRequest();
  expect(older.json()).toMatchObject({ language_hint: "en", include_transcript: true });
  older.respondWith({ status: 201, body: { session_id: "ses_abc123def456", status: "created" } });
  expect(await opened).toMatchObject({
    uploadUrl: "https://scribe.example.com/v1/sessions/ses_abc123def456/audio",
    form: "numbered",
  });
});

test("dialect A: a server that refuses the newer body is asked in its own words", async () => {
  const { wire, scribe, discovered } = setUp();
  const opened = scribe.open("visit-1.1");
  await discovered();
  const create = await wire.nextRequest();
  create.respondWith({ status: 400, body: { error: { code: "invalid_request", message: "language_hint" } } });
  const older = await wire.nextRequest();
  expect(older.json()).toEqual({
    templates: ["soap", "medications"],
    model: "pro",
    language_hint: "en",
    include_transcript: true,
    metadata: { reference: "visit-1.1" },
  });
  older.respondWith({
    status: 201,
    body: { session_id: "ses_abc123def456", status: "created", upload_url: "/sessions/ses_abc123def456/audio" },
  });
  expect(await opened).toMatchObject({ uploadUrl: `${session}/audio`, form: "numbered" });
});

test("a chunk goes as multipart, named by its place, in the service's own spelling of the format", async () => {
  const { wire, scribe, discovered } = setUp();
  const sent = scribe.send(job, chunk(3));
  await discovered();
  const upload = await wire.nextRequest();
  expect(upload.request).toMatchObject({ method: "POST", url: `${session}/audio` });
  expect(upload.request.headers["content-type"]).toBe(`multipart/form-data; boundary=chartside-${sha256}`);
  const body = new TextDecoder("latin1").decode(upload.request.body as Uint8Array);
  expect(body).toBe(
    `--chartside-${sha256}\r\n` +
      'Content-Disposition: form-data; name="file"; filename="audio_3.webm"\r\n' +
      "Content-Type: audio/webm;codecs=opus\r\n\r\n" +
      `\u0001\u0002\u0003\r\n--chartside-${sha256}--\r\n`,
  );
  upload.respondWith({ status: 200 });
  await sent;
});

test("dialect A: a chunk goes as raw body with X-Chunk-Index", async () => {
  const { wire, scribe, discovered } = setUp();
  const sent = scribe.send(numbered, chunk(1));
  await discovered();
  const upload = await wire.nextRequest();
  expect(upload.request.headers).toMatchObject({ "content-type": "audio/webm;codecs=opus", "x-chunk-index": "1" });
  expect(upload.request.body).toEqual(new Uint8Array([1, 2, 3]));
  upload.respondWith({ status: 200, body: { session_id: job.id, chunk_index: 1, status: "received" } });
  await sent;
});

test("a format the service does not declare is not sent at all", async () => {
  const { wire, scribe, discovered } = setUp();
  const sent = scribe.send(job, chunk(0, "audio/mp4"));
  await discovered();
  await expect(sent).rejects.toMatchObject({ problem: { code: "scribe_refused" } });
  expect(wire.pending()).toBe(0);
});

test("the key stays with the service: a storage address elsewhere does not see it", async () => {
  const { wire, scribe, discovered } = setUp();
  const sent = scribe.send({ ...job, uploadUrl: "https://storage.example.net/bucket/x" }, chunk(0));
  await discovered();
  const upload = await wire.nextRequest();
  expect(upload.request.headers["x-api-key"]).toBeUndefined();
  upload.respondWith({ status: 200 });
  await sent;
});

test("an upload is tried again after 503 with Retry-After, and after a lost answer", async () => {
  const { wire, waiting, scribe, discovered } = setUp(0.5);
  const sent = scribe.send(job, chunk(0));
  await discovered();
  const first = await wire.nextRequest();
  first.respondWith({
    status: 503,
    headers: { "retry-after": "3" },
    body: { error: { code: "service_unavailable", message: "" } },
  });
  (await wire.nextRequest()).failWith(new Error("socket hang up"));
  const third = await wire.nextRequest();
  expect(third.request.body).toEqual(first.request.body);
  third.respondWith({ status: 200 });
  await sent;
  expect(waiting.pauses).toEqual([3000, 1000]);
});

test.each([
  [401, "invalid_api_key", "scribe_refused"],
  [404, "session_not_found", "scribe_session_expired"],
  [410, "session_expired", "scribe_session_expired"],
  [400, "invalid_audio_format", "scribe_refused"],
  [400, "chunk_too_large", "too_large"],
  [413, "file_too_large", "too_large"],
  [409, "audio_conflict", "chunk_conflict"],
  [500, "processing_failed", "processing_failed"],
])("%i %s is %s, and not tried again", async (status, code, expected) => {
  const { wire, waiting, scribe, discovered } = setUp();
  const sent = scribe.send(job, chunk(0));
  await discovered();
  (await wire.nextRequest()).respondWith({ status, body: { error: { code, message: "Ada Quill" } } });
  await expect(sent).rejects.toMatchObject({ problem: { code: expected, detail: `${status} ${code}` } });
  expect(waiting.pauses).toEqual([]);
  expect(wire.pending()).toBe(0);
});

test("the service's message is never passed on, nor a code that does not look like one", async () => {
  const { wire, scribe, discovered } = setUp();
  const sent = scribe.send(job, chunk(0));
  await discovered();
  (await wire.nextRequest()).respondWith({ status: 400, body: { error: { code: "Ada Quill 1950", message: "Ada" } } });
  const thrown: unknown = await sent.catch((error: unknown) => error);
  expect(JSON.stringify(thrown)).not.toContain("Ada");
});

test('"already stored" is a success only when it is true', async () => {
  const claims = { status: 400, body: { error: { code: "session_ended", message: "" } } };
  for (const [files, outcome] of [
    [["audio_0.webm", "audio_1.webm"], "stored"],
    [["audio_0.webm"], "conflict"],
  ] as const) {
    const { wire, scribe, discovered } = setUp();
    const sent = scribe.send(job, chunk(1)).then(
      () => "stored",
      (thrown: { problem: { code: string } }) => thrown.problem.code,
    );
    await discovered();
    (await wire.nextRequest()).respondWith(claims);
    const list = await wire.nextRequest();
    expect(list.request).toMatchObject({ method: "GET", url: session });
    list.respondWith({ status: 202, body: { session_id: job.id, status: "processing", audio_files: files } });
    expect(await sent).toBe(outcome);
  }
});

test("dialect A: a repeat below the expected index is stored already, one above it is not", async () => {
  for (const [expected, outcome] of [
    [3, "stored"],
    [1, "scribe_refused"],
  ] as const) {
    const { wire, scribe, discovered } = setUp();
    const sent = scribe.send(numbered, chunk(2)).then(
      () => "stored",
      (thrown: { problem: { code: string } }) => thrown.problem.code,
    );
    await discovered();
    const details = { received_index: 2, expected_index: expected };
    (await wire.nextRequest()).respondWith({
      status: 400,
      body: { error: { code: "invalid_request", message: "", details } },
    });
    expect(await sent).toBe(outcome);
  }
});

test("stored bytes that differ are a conflict, although the service said 200", async () => {
  const { wire, scribe, discovered } = setUp();
  const sent = scribe.send(job, chunk(0));
  await discovered();
  (await wire.nextRequest()).respondWith({ status: 200, body: { sha256: "f".repeat(64) } });
  await expect(sent).rejects.toMatchObject({ problem: { code: "chunk_conflict" } });
});

test("the end declares the count in a body", async () => {
  const { wire, scribe, discovered } = setUp();
  const ended = scribe.finish(job, 12);
  await discovered();
  const end = await wire.nextRequest();
  expect(end.request).toMatchObject({ method: "POST", url: `${session}/end` });
  expect(end.json()).toEqual({ audio_files_sent: 12 });
  end.respondWith({ status: 202, body: { session_id: job.id, status: "processing", audio_files_received: 12 } });
  await ended;
});

test("an end that counted fewer files is chunks_missing", async () => {
  const { wire, scribe, discovered } = setUp();
  const ended = scribe.finish(job, 12);
  await discovered();
  const body = { session_id: job.id, status: "processing", audio_files_received: 11 };
  (await wire.nextRequest()).respondWith({ status: 202, body });
  await expect(ended).rejects.toMatchObject({
    problem: { code: "chunks_missing", detail: "the service counts 11 of 12" },
  });
});

test.each([
  ["processing", 202, "ended"],
  ["completed", 200, "ended"],
  ["recording", 202, "scribe_refused"],
])("a refused repeat of the end while the session is %s", async (status, http, outcome) => {
  const { wire, scribe, discovered } = setUp();
  const ended = scribe.finish(job, 2).then(
    () => "ended",
    (thrown: { problem: { code: string } }) => thrown.problem.code,
  );
  await discovered();
  (await wire.nextRequest()).respondWith({ status: 400, body: { error: { code: "bad_request", message: "" } } });
  const soap = { status: "success", data: { plan: "Rest" } };
  (await wire.nextRequest()).respondWith({ status: http, body: { session_id: job.id, status, templates: { soap } } });
  expect(await ended).toBe(outcome);
});

test("reading: what is held while receiving", async () => {
  const files = ["audio_10.webm", "audio_2.webm", "s3://bucket/ses/0.webm", "notes.txt"];
  expect(await read({ status: "recording", audio_files: files }, 202)).toEqual({
    state: "receiving",
    held: [0, 2, 10],
  });
  expect(await read({ status: "created" }, 202)).toEqual({ state: "receiving", held: null });
});

test("reading: progress while processing, an unknown state is not the end", async () => {
  expect(await read({ status: "processing" }, 202)).toEqual({
    state: "processing",
    step: "transcribing",
    transcript: null,
  });
  expect(await read({ status: "thinking_hard", transcript: "Patient: hello" }, 202)).toMatchObject({
    state: "processing",
    step: "writing",
    transcript: { turns: [{ speaker: "patient" }] },
  });
  const progress = { step: "writing", transcribed_ms: 1000 };
  expect(await read({ status: "processing", progress }, 202)).toMatchObject({ step: "writing" });
});

const soap = { subjective: "Chest pain.", objective: "", assessment: "1. Angina", plan: "Rest" };
const medications = [{ name: "Aspirin", dosage: "81mg", action: "Start" }];
const aspirin = { name: "Aspirin", dosage: "81mg", frequency: null, route: null, instructions: null, action: "start" };

test.each([
  ["A: plain map", { soap, medications }],
  [
    "B: map of results",
    { soap: { status: "success", data: soap }, medications: { status: "success", data: medications } },
  ],
  ["C: list", [{ soap: { status: "success", data: soap } }, { medications: { status: "success", data: medications } }]],
])("reading: templates, %s", async (_shape, templates) => {
  const transcript = "Doctor: Good morning.\nPatient: It hurts.\n";
  const status = await read({ status: "completed", templates, transcript, model_used: "pro", language_detected: "en" });
  expect(status).toMatchObject({
    state: "done",
    result: {
      note: soap,
      medications: [aspirin],
      transcript: { turns: [{ speaker: "clinician" }, { speaker: "patient" }], language: "en" },
      provenance: { service: "Example Scribe", model: "pro", speechEngine: null, noteWriter: null, language: "en" },
    },
  });
});

test("reading: timed segments and engines of services that have them", async () => {
  const words = [{ text: "hello", start_ms: 10, end_ms: 400, confidence: 0.4, unclear: true }];
  const status = await read({
    status: "completed",
    templates: { soap: { status: "success", data: soap } },
    transcript: "Patient: hello",
    transcript_segments: [{ id: "s1", speaker: "patient", start_ms: 10, end_ms: 400, words }],
    engines: { speech: "pocketsphinx", note_writer: "extractive" },
  });
  expect(status).toMatchObject({
    result: {
      transcript: {
        turns: [{ id: "s1", words: [{ text: "hello", startMs: 10, endMs: 400, confidence: 0.4, unclear: true }] }],
      },
      provenance: { speechEngine: "pocketsphinx", noteWriter: "extractive" },
    },
  });
});

test("reading: 206 partial keeps what is finished and names what is not", async () => {
  const status = await read(
    {
      status: "partial",
      templates: {
        soap: { status: "success", data: soap },
        medications: { status: "failed", error: { code: "timeout", message: "" } },
      },
      transcript: "Patient: hello",
      processing_errors: [{ type: "decode", message: "bad file", file: "audio_4.webm" }],
    },
    206,
  );
  expect(status).toMatchObject({ state: "partial", missing: ["medications", "audio_4.webm"], result: { note: soap } });
});

test("reading: too little speech never becomes a note", async () => {
  const templates = { soap: { status: "failed", error: { code: "insufficient_audio", message: "" } } };
  const status = await read({ status: "partial", templates, transcript: "Doctor: hm" }, 206);
  expect(status).toMatchObject({ state: "failed", problem: { code: "audio_too_short" } });
});

test("reading: failed says why", async () => {
  expect(await read({ status: "failed", error: { code: "audio_quality_poor", message: "" } })).toMatchObject({
    state: "failed",
    problem: { code: "audio_quality_poor" },
  });
  expect(await read({ status: "failed" })).toMatchObject({ problem: { code: "processing_failed" } });
});

test.each([
  ["410 with a session body", 410, { session_id: job.id, status: "expired" }],
  ["410 with an error body", 410, { error: { code: "session_expired", message: "" } }],
  ["404", 404, { error: { code: "session_not_found", message: "" } }],
  ["200 expired", 200, { session_id: job.id, status: "expired" }],
])("reading: %s is expired", async (_name, status, body) => {
  expect(await read(body, status)).toEqual({ state: "expired" });
});

test("reading: a note in an unknown form is unreadable, not guessed", async () => {
  const templates = { soap: { status: "success", data: { S: "x", O: "y" } } };
  await expect(read({ status: "completed", templates })).rejects.toMatchObject({
    problem: { code: "scribe_answer_unreadable", field: "soap" },
  });
});

test("after a refused key the discovery document is read again", async () => {
  const { wire, scribe, discovered } = setUp();
  const first = scribe.read(job).catch(() => "refused");
  await discovered();
  (await wire.nextRequest()).respondWith({ status: 401, body: { error: { code: "invalid_api_key", message: "" } } });
  expect(await first).toBe("refused");
  const second = scribe.read(job);
  expect((await discovered()).url).toContain("/.well-known/");
  (await wire.nextRequest()).respondWith({ status: 202, body: { session_id: job.id, status: "processing" } });
  await second;
});

test("registering for notifications replaces the old registration of the same address", async () => {
  const { wire, scribe, discovered } = setUp();
  const target = { url: "https://emr.example.com/webhooks/scribe", secret: "whsec_my_secret_key" };
  const registered = scribe.notifyAt?.(target);
  await discovered();
  const list = await wire.nextRequest();
  const old = { webhook_id: "wh_old", url: target.url, status: "active" };
  list.respondWith({
    status: 200,
    body: { webhooks: [old, { webhook_id: "wh_else", url: "https://x.example", status: "active" }] },
  });
  const create = await wire.nextRequest();
  expect(create.json()).toMatchObject({
    ...target,
    events: expect.arrayContaining(["session.completed", "session.failed"]),
  });
  create.respondWith({ status: 201, body: { webhook_id: "wh_new", status: "active" } });
  const remove = await wire.nextRequest();
  expect(remove.request).toMatchObject({ method: "DELETE", url: "https://api.scribe.example.com/v1/webhooks/wh_old" });
  remove.respondWith({ status: 204 });
  await registered;
  expect(wire.pending()).toBe(0);
});
