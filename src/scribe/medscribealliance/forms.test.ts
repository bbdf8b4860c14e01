/** The three forms against their own traces: the example session as it is printed, path and storage uploads, tokens. */
import { expect, test } from "vitest";
import { createFakeWaiting, createFakeWire } from "#scribe/fake-wire.ts";
import type { OutgoingChunk, ScribeJob } from "#scribe/scribe.ts";
import type { MedScribeAllianceOptions } from "./medscribealliance.ts";
import { createMedScribeAlliance } from "./medscribealliance.ts";

const api = "https://api.scribe.example.com/v1";
const session = `${api}/sessions/ses_abc123def456`;
const sha256 = "0".repeat(64);

/** Abridged, as the example session prints it: no endpoints. */
const exampleDiscovery = {
  protocol: "medscribealliance",
  protocol_version: "0.1",
  capabilities: { audio_formats: ["audio/webm;codecs=opus", "audio/wav"], max_chunk_duration_seconds: 20 },
  models: [{ id: "pro", languages: ["en", "hi", "ta"] }],
};
const discoveryC = {
  ...exampleDiscovery,
  endpoints: { base_url: api },
  capabilities: { ...exampleDiscovery.capabilities, storage_providers: ["aws"], upload_methods: ["chunked"] },
};

function setUp(document: object, more: Partial<MedScribeAllianceOptions> = { apiKey: "sk_live_xxx" }) {
  const wire = createFakeWire();
  const waiting = createFakeWaiting();
  const scribe = createMedScribeAlliance({ url: "https://api.scribe.example.com", send: wire.send, waiting, ...more });
  const answer = async (status: number, body?: unknown) => {
    const exchange = await wire.nextRequest();
    exchange.respondWith(body === undefined ? { status } : { status, body });
    return exchange;
  };
  return { wire, waiting, scribe, answer, discovered: () => answer(200, document) };
}

function chunk(sequence: number): OutgoingChunk {
  return { sequence, bytes: new Uint8Array([1, 2, 3]), mimeType: "audio/webm; codecs=opus", sha256 };
}

const jobOf = (form: ScribeJob["form"] & string, more: Partial<ScribeJob> = {}): ScribeJob => ({
  id: "ses_abc123def456",
  uploadUrl: `${session}/audio`,
  expiresAt: null,
  form,
  ...more,
});

test("the example session, from discovery to extraction, request by request", async () => {
  const { scribe, answer, discovered } = setUp(exampleDiscovery, { apiKey: "sk_live_xxx", form: "A" });
  const opened = scribe.open("enc_12345");
  expect((await discovered()).request.url).toBe("https://api.scribe.example.com/.well-known/medscribealliance");
  const create = await answer(201, {
    session_id: "ses_abc123def456",
    status: "created",
    created_at: "2025-01-19T10:30:00Z",
    expires_at: "2025-01-19T11:30:00Z",
  });
  expect(create.request).toMatchObject({ method: "POST", url: `${api}/sessions` });
  expect(create.request.headers).toMatchObject({ "x-api-key": "sk_live_xxx", "content-type": "application/json" });
  expect(create.json()).toEqual({
    templates: ["soap", "medications"],
    model: "pro",
    language_hint: "en",
    include_transcript: true,
    metadata: { reference: "enc_12345" },
  });
  const job = await opened;
  expect(job).toEqual(jobOf("numbered", { expiresAt: Date.UTC(2025, 0, 19, 11, 30) }));
  for (const index of [0, 1]) {
    const sent = scribe.send(job, chunk(index));
    const upload = await answer(200, {
      session_id: "ses_abc123def456",
      chunk_index: index,
      chunk_duration_ms: 15_000,
      total_duration_ms: 15_000 * (index + 1),
      status: "received",
    });
    expect(upload.request).toMatchObject({ method: "POST", url: `${session}/audio`, body: chunk(index).bytes });
    expect(upload.request.headers).toMatchObject({
      "x-api-key": "sk_live_xxx",
      "content-type": "audio/webm;codecs=opus",
      "x-chunk-index": String(index),
    });
    await sent;
  }
  const ended = scribe.finish(job, 2);
  const end = await answer(200, { session_id: "ses_abc123def456", status: "processing", audio_duration_ms: 180_000 });
  expect(end.request).toMatchObject({ method: "POST", url: `${session}/end` });
  expect(await ended).toEqual(job);
  const read = scribe.read(job);
  const poll = await answer(200, {
    session_id: "ses_abc123def456",
    status: "completed",
    templates: {
      soap: {
        subjective: "Patient presents with...",
        objective: "VS: BP 130/85...",
        assessment: "1. Chest pain...",
        plan: "1. ECG today...",
      },
      medications: [{ name: "Aspirin", dosage: "81mg", action: "start" }],
    },
    transcript: "Doctor: Good morning...",
    metadata: { reference: "enc_12345" },
  });
  expect(poll.request).toMatchObject({ method: "GET", url: session });
  expect(await read).toMatchObject({
    state: "done",
    result: {
      note: { subjective: "Patient presents with...", plan: "1. ECG today..." },
      medications: [{ name: "Aspirin", dosage: "81mg", frequency: null, action: "start" }],
      transcript: { turns: [{ speaker: "clinician" }] },
    },
  });
  const late = scribe.send(job, chunk(2));
  await answer(410, {
    error: {
      code: "session_expired",
      message: "Session 'ses_expired' has expired",
      details: { expired_at: "2025-01-19T11:30:00Z" },
    },
  });
  await expect(late).rejects.toMatchObject({ problem: { code: "scribe_session_expired" } });
});

test("the example's webhook registration, below the base that its document leaves out, and its short answer", async () => {
  const { scribe, answer, discovered } = setUp(exampleDiscovery);
  const target = { url: "https://emr.example.com/scribe-webhook", secret: "whsec_my_secret_key" };
  const registered = scribe.notifyAt?.(target);
  await discovered();
  const list = await answer(405);
  expect(list.request).toMatchObject({ method: "GET", url: `${api}/webhooks` });
  const newer = await answer(400, { error: { code: "invalid_request", message: "session.partial" } });
  expect(newer.json()).toMatchObject({ events: expect.arrayContaining(["session.partial"]) });
  const older = await answer(201, { webhook_id: "wh_abc123", status: "active" });
  expect(older.json()).toEqual({
    ...target,
    events: ["session.ended", "session.completed", "session.failed", "session.expired"],
  });
  expect(await registered).toBe("registered");
});

test("form C: a list of languages, a path for each file, the type character by character", async () => {
  const { scribe, answer, discovered } = setUp(discoveryC);
  const opened = scribe.open("visit.1");
  await discovered();
  const create = await answer(201, {
    session_id: "ses_abc123def456",
    status: "created",
    upload_url: `${session}/audio`,
  });
  expect(create.json()).toMatchObject({ language_hint: ["en"], upload_type: "chunked" });
  const job = await opened;
  expect(job.form).toBe("path");
  const sent = scribe.send(job, chunk(3));
  const upload = await answer(200, { session_id: job.id, success: true, original_filename: "audio_3.webm" });
  expect(upload.request).toMatchObject({ method: "POST", url: `${session}/audio/audio_3.webm`, body: chunk(3).bytes });
  expect(upload.request.headers["content-type"]).toBe("audio/webm;codecs=opus");
  await sent;
});

test("form C: a storage form gets its fields first, the file last, and no key", async () => {
  const { scribe, answer, discovered } = setUp(discoveryC);
  const opened = scribe.open("visit.1");
  await discovered();
  const fields = { key: "prefix/${filename}", policy: "eyJ" };
  const uploadData = { url: "https://bucket.s3.amazonaws.com/", fields };
  await answer(201, {
    session_id: "ses_abc123def456",
    status: "created",
    upload_url: { uploadData, folderPath: "prefix/", txn_id: "ses_abc123def456" },
  });
  const job = await opened;
  const sent = scribe.send(job, chunk(0));
  const upload = await answer(204);
  expect(upload.request).toMatchObject({ method: "POST", url: "https://bucket.s3.amazonaws.com/" });
  expect(upload.request.headers["x-api-key"]).toBeUndefined();
  expect(new TextDecoder("latin1").decode(upload.request.body as Uint8Array)).toBe(
    [
      `--chartside-${sha256}`,
      'Content-Disposition: form-data; name="key"',
      "",
      "prefix/audio_0.webm",
      `--chartside-${sha256}`,
      'Content-Disposition: form-data; name="policy"',
      "",
      "eyJ",
      `--chartside-${sha256}`,
      'Content-Disposition: form-data; name="file"; filename="audio_0.webm"',
      "Content-Type: audio/webm;codecs=opus",
      "",
      "\u0001\u0002\u0003",
      `--chartside-${sha256}--`,
      "",
    ].join("\r\n"),
  );
  await sent;
});

test("form B: a presigned address keeps its signature, sees no key, and a refusal asks for a new session", async () => {
  const { scribe, answer, discovered } = setUp(exampleDiscovery);
  const opened = scribe.open("visit.1");
  await discovered();
  const upload_url = "https://bucket.s3.amazonaws.com/ses_1?X-Amz-Signature=abc&X-Amz-Date=1";
  await answer(201, { session_id: "ses_1", status: "created", upload_url });
  const job = await opened;
  const sent = scribe.send(job, chunk(2));
  const upload = await answer(403, undefined);
  expect(upload.request).toMatchObject({
    method: "PUT",
    url: "https://bucket.s3.amazonaws.com/ses_1/audio_2.webm?X-Amz-Signature=abc&X-Amz-Date=1",
    headers: { "content-type": "audio/webm;codecs=opus" },
  });
  expect(Object.keys(upload.request.headers)).toEqual(["accept", "content-type"]);
  await expect(sent).rejects.toMatchObject({ problem: { code: "scribe_session_expired" } });
});

test("form B: a server without multipart is sent paths, and asked for them at once the next time", async () => {
  const { scribe, answer, discovered } = setUp(exampleDiscovery);
  const sent = scribe.send(jobOf("named"), chunk(0));
  await discovered();
  await answer(404, { detail: "Not Found" });
  const second = await answer(200, {
    success: true,
    filename: "0.webm",
    original_filename: "audio_0.webm",
    size_bytes: 3,
  });
  expect(second.request.url).toBe(`${session}/audio/audio_0.webm`);
  await sent;
  const next = scribe.send(jobOf("named"), chunk(1));
  expect((await answer(200, {})).request.url).toBe(`${session}/audio/audio_1.webm`);
  await next;
});

test("a session that is gone is not mistaken for a way that is unknown", async () => {
  const { wire, scribe, answer, discovered } = setUp(exampleDiscovery);
  const sent = scribe.send(jobOf("named"), chunk(0));
  await discovered();
  await answer(404, { error: { code: "session_not_found", message: "" } });
  await expect(sent).rejects.toMatchObject({ problem: { code: "scribe_session_expired" } });
  expect(wire.pending()).toBe(0);
});

test("a service that stored another length does not hold the chunk", async () => {
  const { scribe, answer, discovered } = setUp(exampleDiscovery);
  const sent = scribe.send(jobOf("path"), chunk(0));
  await discovered();
  await answer(200, { success: true, size_bytes: 0 });
  await expect(sent).rejects.toMatchObject({ problem: { code: "chunk_conflict" } });
});

test.each([
  ["http://bucket.example/x", "upload_url is not https"],
  ["wss://api.scribe.example.com/stream", "upload_url is not an HTTP address"],
])("audio is not sent to %s", async (upload_url, detail) => {
  const { scribe, answer, discovered } = setUp(exampleDiscovery);
  const opened = scribe.open("visit.1");
  await discovered();
  await answer(201, { session_id: "ses_1", status: "created", upload_url });
  await expect(opened).rejects.toMatchObject({ problem: { code: "scribe_refused", detail } });
});

test("form C calls a session completed before its note is: the reader goes on waiting", async () => {
  const { scribe, answer, discovered } = setUp(discoveryC);
  const asked = scribe.read(jobOf("path"));
  await discovered();
  const templates = [{ soap: { status: "in-progress" } }, { medications: { status: "success", data: [] } }];
  await answer(200, { session_id: "ses_abc123def456", status: "completed", templates, transcript: "Patient: hello" });
  expect(await asked).toMatchObject({ state: "processing", step: "writing" });
});

test("templates under other names come along as they are", async () => {
  const { scribe, answer, discovered } = setUp(exampleDiscovery);
  const asked = scribe.read(jobOf("named"));
  await discovered();
  const ok = (data: unknown) => ({ status: "success", data });
  const templates = {
    soap: ok({ plan: "Rest" }),
    referral_letter: ok("Dear colleague"),
    transcript: ok("Patient: hello"),
  };
  await answer(200, { session_id: "ses_abc123def456", status: "completed", templates });
  expect(await asked).toMatchObject({
    state: "done",
    result: {
      transcript: { turns: [{ speaker: "patient" }] },
      extra: [{ id: "referral_letter", value: "Dear colleague" }],
    },
  });
});

test("a client with a secret shows a token, keeps it for four fifths of its life, and fetches one anew when it is refused", async () => {
  const oidc = {
    tokenUrl: "https://id.example.org/token",
    clientId: "chartside",
    clientSecret: "s3cret",
    scope: "scribe",
  };
  const { waiting, scribe, answer, discovered } = setUp(exampleDiscovery, { oidc });
  const processing = { session_id: "ses_abc123def456", status: "processing" };
  const read = () => scribe.read(jobOf("named"));
  const first = read();
  await discovered();
  const token = await answer(200, { access_token: "one", token_type: "Bearer", expires_in: 100 });
  expect(token.request).toMatchObject({
    method: "POST",
    url: oidc.tokenUrl,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "grant_type=client_credentials&client_id=chartside&client_secret=s3cret&scope=scribe",
  });
  const asked = await answer(202, processing);
  expect(asked.request.headers).toMatchObject({ authorization: "Bearer one", "msa-version": "0.1" });
  expect(asked.request.headers["x-api-key"]).toBeUndefined();
  await first;
  waiting.advance(79_000);
  const second = read();
  expect((await answer(401, { error: { code: "token_expired", message: "" } })).request.url).toBe(session);
  expect((await answer(200, { access_token: "two", expires_in: 100 })).request.url).toBe(oidc.tokenUrl);
  expect((await answer(202, processing)).request.headers["authorization"]).toBe("Bearer two");
  await second;
  waiting.advance(80_000);
  const third = read();
  expect((await answer(200, { access_token: "three", expires_in: 100 })).request.url).toBe(oidc.tokenUrl);
  await answer(202, processing);
  await third;
});

/** §11, and the codes off its table: how often a chunk is sent in all, within the eight seconds that a call has. */
test.each([
  [401, "authentication_failed", "scribe_refused", 1],
  [401, "token_expired", "scribe_refused", 1],
  [401, "invalid_api_key", "scribe_refused", 1],
  [403, "forbidden", "scribe_refused", 1],
  [429, "rate_limit_exceeded", "rate_limited", 4],
  [404, "session_not_found", "scribe_session_expired", 1],
  [404, "template_not_found", "scribe_refused", 1],
  [404, "webhook_not_found", "scribe_refused", 1],
  [410, "session_expired", "scribe_session_expired", 1],
  [400, "invalid_request", "scribe_refused", 1],
  [400, "invalid_audio_format", "scribe_refused", 1],
  [400, "chunk_too_large", "too_large", 1],
  [400, "invalid_template", "scribe_refused", 1],
  [400, "missing_required_field", "scribe_refused", 1],
  [400, "unsupported_version", "scribe_refused", 1],
  [422, "audio_quality_poor", "audio_quality_poor", 1],
  [422, "audio_too_short", "audio_too_short", 1],
  [422, "language_unsupported", "language_unsupported", 1],
  [500, "processing_failed", "processing_failed", 1],
  [500, "internal_error", "scribe_down", 2],
  [503, "service_unavailable", "scribe_down", 4],
  [500, "unexpected_error", "scribe_down", 4],
  [404, "transaction_not_found", "scribe_session_expired", 1],
  [400, "BAD_REQUEST", "scribe_refused", 1],
  [413, "file_too_large", "too_large", 1],
  [502, "", "scribe_down", 4],
] as const)("%i %s is %s", async (...row) => {
  const [status, code, expected, times] = row;
  const { wire, scribe, answer, discovered } = setUp(exampleDiscovery);
  const sent = scribe.send(jobOf("path"), chunk(0)).catch((thrown: unknown) => thrown);
  await discovered();
  for (let n = 0; n < times; n += 1)
    await answer(status, code === "" ? "<html>" : { error: { code, message: "Ada Quill" } });
  expect(await sent).toMatchObject({ problem: { code: expected, detail: `${status} ${code}`.trim() } });
  expect(wire.pending()).toBe(0);
});
