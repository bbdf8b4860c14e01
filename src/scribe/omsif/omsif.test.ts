/** The adapter against the protocol's own traces: the wire is answered by hand, request by request. */
import { expect, test } from "vitest";
import { createFakeWaiting, createFakeWire } from "#scribe/fake-wire.ts";
import type { OutgoingChunk, OutgoingFile, ScribeJob, SendRequest } from "#scribe/scribe.ts";
import { createOmsif } from "./omsif.ts";

const base = "https://api.scribeprovider.com/v1/omsif";
const capabilities = {
  version: "1.0",
  provider: "SuperScribe AI",
  features: ["sync", "async", "streaming_upload"],
  templates: [
    { id: "referral_letter", name: "Referral Letter" },
    { id: "soap_general", name: "General SOAP" },
  ],
};
const initialized = {
  protocolVersion: "2024-01-01",
  serverInfo: { name: "SuperScribe AI", version: "1.2.0" },
  capabilities: { logging: {}, prompts: {} },
  templates: [
    { id: "soap_v1", name: "General SOAP" },
    { id: "verbatim_transcript", name: "Transcript" },
    { id: "referral_letter", name: "Referral Letter" },
  ],
};
const sha256 = "0".repeat(64);
const session: ScribeJob = { id: "sess_abc", uploadUrl: `${base}/session/sess_abc`, expiresAt: null, form: "numbered" };
const job: ScribeJob = { ...session, id: "job_8899aabb", uploadUrl: `${base}/jobs/job_8899aabb` };

function setUp(random = 0) {
  const wire = createFakeWire();
  const waiting = createFakeWaiting({ random });
  const toWav = async () => new Uint8Array([9, 9]);
  const scribe = createOmsif({ url: `${base}/`, apiKey: "sk_live_12345", send: wire.send, waiting, toWav });
  const shaken = async (changes: object = {}) => {
    const request = await wire.nextRequest();
    request.respondWith({ status: 200, body: { ...capabilities, ...changes } });
    return request.request;
  };
  return { wire, waiting, scribe, shaken };
}

function chunk(sequence: number, mimeType = "audio/wav"): OutgoingChunk {
  return { sequence, bytes: new Uint8Array([1, 2, 3]), mimeType, sha256 };
}

async function read(body: object, status = 200) {
  const { wire, scribe, shaken } = setUp();
  const asked = scribe.read(job);
  await shaken();
  const request = await wire.nextRequest();
  expect(request.request).toMatchObject({ method: "GET", url: job.uploadUrl, deadlineMs: 5_000 });
  request.respondWith({ status, body: { job_id: job.id, ...body } });
  return asked;
}

test("rev 1: GET /capabilities with the bearer token, in five seconds", async () => {
  const { scribe, shaken } = setUp();
  const asked = scribe.abilities();
  expect(await shaken()).toMatchObject({
    method: "GET",
    url: `${base}/capabilities`,
    headers: { authorization: "Bearer sk_live_12345" },
    deadlineMs: 5_000,
  });
  expect(await asked).toMatchObject({ service: "SuperScribe AI", protocol: "OMSIF 1.0 rev 1", wants: "chunks" });
});

test("rev 2: where capabilities are not found, POST /initialize", async () => {
  const { wire, scribe } = setUp();
  const asked = scribe.abilities();
  (await wire.nextRequest()).respondWith({ status: 404, body: { detail: "Not Found" } });
  const hello = await wire.nextRequest();
  expect(hello.request).toMatchObject({ method: "POST", url: `${base}/initialize` });
  expect(hello.json()).toEqual({
    protocolVersion: "2024-01-01",
    clientInfo: { name: "Chartside", version: "1" },
    capabilities: {},
  });
  hello.respondWith({ status: 200, body: initialized });
  expect(await asked).toMatchObject({ service: "SuperScribe AI", protocol: "OMSIF 1.0 rev 2" });
});

test("rev 1: a session asks for the one template, with ids only", async () => {
  const { wire, scribe, shaken } = setUp();
  await scribe.notifyAt?.({ url: "https://emr.hospital.org/webhooks/incoming", secret: "x" });
  const opened = scribe.open("visit-1.1");
  await shaken();
  const create = await wire.nextRequest();
  expect(create.request).toMatchObject({ method: "POST", url: `${base}/session` });
  expect(create.json()).toEqual({
    template_id: "soap_general",
    config: {
      webhook_url: "https://emr.hospital.org/webhooks/incoming",
      return_fhir: false,
      return_transcription: true,
    },
    context: { encounter: { id: "visit-1.1" } },
  });
  create.respondWith({ status: 201, body: { session_id: "sess_abc" } });
  expect(await opened).toEqual(session);
});

test("rev 2: a session asks for note and transcript by their templates", async () => {
  const { wire, scribe } = setUp();
  const opened = scribe.open("visit-1.1");
  (await wire.nextRequest()).respondWith({ status: 405 });
  (await wire.nextRequest()).respondWith({ status: 200, body: initialized });
  const create = await wire.nextRequest();
  expect(create.json()).toEqual({
    templates: ["soap_v1", "verbatim_transcript"],
    config: {},
    context: { encounter: { id: "visit-1.1" } },
  });
  create.respondWith({ status: 201, body: { session_id: "sess_abc" } });
  await opened;
});

test("a chunk goes raw, with its number", async () => {
  const { wire, scribe, shaken } = setUp();
  const sent = scribe.send(session, chunk(2));
  await shaken();
  const upload = await wire.nextRequest();
  expect(upload.request).toMatchObject({
    method: "POST",
    url: `${base}/session/sess_abc/audio`,
    headers: { "x-audio-sequence": "2", "content-type": "audio/wav" },
    body: new Uint8Array([1, 2, 3]),
  });
  upload.respondWith({ status: 200 });
  await sent;
});

test("the reference server wants a form field: learned once", async () => {
  const { wire, scribe, shaken } = setUp();
  const sent = scribe.send(session, chunk(0));
  await shaken();
  (await wire.nextRequest()).respondWith({ status: 422, body: { detail: [{ msg: "Field required" }] } });
  const again = await wire.nextRequest();
  expect(new TextDecoder().decode(again.request.body as Uint8Array)).toBe(
    `--chartside-${sha256}\r\n` +
      'Content-Disposition: form-data; name="file"; filename="audio_0.wav"\r\n' +
      "Content-Type: audio/wav\r\n\r\n" +
      `\u0001\u0002\u0003\r\n--chartside-${sha256}--\r\n`,
  );
  again.respondWith({ status: 200, body: { status: "received", size: 3 } });
  await sent;
  const next = scribe.send(session, chunk(1));
  const upload = await wire.nextRequest();
  expect(upload.request.headers["content-type"]).toContain("multipart/form-data");
  upload.respondWith({ status: 200 });
  await next;
});

test("webm is not in the protocol's list: it becomes WAV on the way, unless the service lists it", async () => {
  for (const [formats, type, bytes] of [
    [undefined, "audio/wav", [9, 9]],
    [["audio/webm; codecs=opus"], "audio/webm; codecs=opus", [1, 2, 3]],
  ] as const) {
    const { wire, scribe, shaken } = setUp();
    const sent = scribe.send(session, chunk(0, "audio/webm;codecs=opus"));
    await shaken(formats === undefined ? {} : { audio_formats: formats });
    const upload = await wire.nextRequest();
    expect(upload.request.headers["content-type"]).toBe(type);
    expect(upload.request.body).toEqual(new Uint8Array(bytes));
    upload.respondWith({ status: 200 });
    await sent;
  }
});

test("the commit names the job; from then on the job is read, and committed no more", async () => {
  const { wire, scribe } = setUp();
  const ended = scribe.finish(session, 3);
  const commit = await wire.nextRequest();
  expect(commit.request).toMatchObject({ method: "POST", url: `${base}/session/sess_abc/commit` });
  commit.respondWith({ status: 202, body: { job_id: "job_8899aabb" } });
  expect(await ended).toEqual(job);
  expect(await scribe.finish(job, 3)).toEqual(job);
  await expect(scribe.send(job, chunk(3))).rejects.toMatchObject({ problem: { code: "conflict" } });
  expect(wire.pending()).toBe(0);
});

test("the guide's first trace: one form with the request and the file, answered 202", async () => {
  const { wire, scribe, shaken } = setUp();
  await scribe.notifyAt?.({ url: "https://emr.hospital.org/webhooks/incoming", secret: "x" });
  const sent = scribe.sendWhole!({ ...session, id: "enc-1", form: "whole" }, mp3(90_000));
  await shaken({ features: ["async"] });
  const upload = await wire.nextRequest();
  const boundary = `chartside-${sha256}`;
  expect(upload.request).toMatchObject({ method: "POST", url: `${base}/process/async`, deadlineMs: 31_000 });
  expect(upload.request.headers["content-type"]).toBe(`multipart/form-data; boundary=${boundary}`);
  const body = await textOf(upload.request.body);
  const [, json = ""] = /name="request"\r\n\r\n(.*)\r\n--/u.exec(body) ?? [];
  expect(body).toBe(
    [
      `--${boundary}`,
      'Content-Disposition: form-data; name="request"',
      "",
      json,
      `--${boundary}`,
      'Content-Disposition: form-data; name="file"; filename="visit.mp3"',
      "Content-Type: audio/mpeg",
      "",
      "<BINARY_AUDIO_DATA>",
      `--${boundary}--`,
      "",
    ].join("\r\n"),
  );
  expect(upload.request.headers["content-length"]).toBe(String(body.length));
  expect(JSON.parse(json)).toEqual({
    template_id: "soap_general",
    config: {
      webhook_url: "https://emr.hospital.org/webhooks/incoming",
      return_fhir: false,
      return_transcription: true,
    },
    context: { encounter: { id: "enc-1" } },
    audio_config: { format: "mp3", channel_count: 1, language_code: "en-US" },
  });
  upload.respondWith({ status: 202, body: { job_id: "job_8899aabb", status: "queued", eta_seconds: 45 } });
  expect(await sent).toMatchObject({ job: { id: "job_8899aabb", uploadUrl: job.uploadUrl }, status: null });
});

test("a file whose answer is lost is not sent a second time: the protocol has no key against doubles", async () => {
  const { wire, scribe, shaken } = setUp();
  const sent = scribe.sendWhole!({ ...session, form: "whole" }, mp3(30_000));
  await shaken();
  const upload = await wire.nextRequest();
  expect(upload.request).toMatchObject({ url: `${base}/process`, deadlineMs: 60_000 });
  upload.failWith(new Error("socket hang up"));
  await expect(sent).rejects.toMatchObject({ problem: { code: "scribe_down" } });
  expect(wire.pending()).toBe(0);
});

test("the guide's second trace, read as a job", async () => {
  expect(
    await read({
      status: "completed",
      completed_at: "2023-11-01T10:05:00Z",
      output: { transcription: "Patient reports...", structured_data: { soap: { subjective: "..." } } },
    }),
  ).toEqual({
    state: "done",
    result: {
      note: { subjective: "...", objective: "", assessment: "", plan: "" },
      medications: [],
      transcript: { turns: [expect.objectContaining({ speaker: "unknown" })], language: null },
      provenance: { service: "SuperScribe AI", model: null, speechEngine: null, noteWriter: null, language: null },
    },
  });
});

test.each([
  ["in output", { output: { results: { soap_v1: { plan: "Rest" }, verbatim_transcript: "Doctor: Rest." } } }],
  [
    "on top, as rev 2's text prints it",
    { results: { soap_v1: { plan: "Rest" }, verbatim_transcript: "Doctor: Rest." } },
  ],
])("results by template, %s", async (_name, body) => {
  expect(await read({ status: "completed", ...body })).toMatchObject({
    state: "done",
    result: { note: { plan: "Rest" }, transcript: { turns: [{ speaker: "clinician" }] } },
  });
});

test("what we did not ask for is kept beside the note", async () => {
  const structured_data = { soap: { plan: "Rest" }, referral_letter: "Dear colleague" };
  expect(await read({ status: "completed", output: { structured_data, fhir_bundles: [{ x: 1 }] } })).toMatchObject({
    result: {
      extra: [
        { id: "referral_letter", value: "Dear colleague" },
        { id: "fhir_bundles", value: [{ x: 1 }] },
      ],
    },
  });
});

test("a transcript without a note is partial, nothing at all is a failure", async () => {
  expect(await read({ status: "completed", output: { transcription: "Patient: hello" } })).toMatchObject({
    state: "partial",
    missing: ["soap"],
  });
  expect(await read({ status: "completed" })).toMatchObject({
    state: "failed",
    problem: { code: "processing_failed" },
  });
});

test("queued, processing and words we do not know are not the end", async () => {
  for (const status of ["queued", "processing", "thinking"]) {
    expect(await read({ status })).toMatchObject({ state: "processing" });
  }
});

test.each([
  [400, "validation_error", "scribe_refused", false],
  [400, "audio_unsupported", "scribe_refused", false],
  [400, "invalid_template", "scribe_refused", false],
  [401, "unauthorized", "scribe_refused", false],
  [403, "forbidden", "scribe_refused", false],
  [404, "resource_not_found", "scribe_session_expired", false],
  [413, "", "too_large", false],
  [429, "rate_limit_exceeded", "rate_limited", true],
  [500, "internal_error", "scribe_down", true],
  [503, "service_unavailable", "scribe_down", true],
  [504, "", "timed_out", true],
])("%i %s is %s; tried again: %s", async (...row) => {
  const [status, code, expected, isRetried] = row;
  const { wire, waiting, scribe, shaken } = setUp(1);
  const sent = scribe.send(session, chunk(0)).catch((thrown: unknown) => thrown);
  await shaken();
  const body = { code, message: "Ada Quill", request_id: "req_abc987" };
  for (let tries = 0; tries < (isRetried ? 4 : 1); tries += 1) (await wire.nextRequest()).respondWith({ status, body });
  expect(await sent).toMatchObject({ problem: { code: expected, detail: `${status} ${code}`.trim() } });
  expect(waiting.pauses).toEqual(isRetried ? [1000, 2000, 4000] : []);
  expect(JSON.stringify(await sent)).not.toContain("Ada");
});

test("Retry-After is waited for whole", async () => {
  const { wire, waiting, scribe, shaken } = setUp();
  const sent = scribe.send(session, chunk(0));
  await shaken();
  const body = { code: "rate_limit_exceeded", message: "", request_id: "x" };
  (await wire.nextRequest()).respondWith({ status: 429, headers: { "retry-after": "7" }, body });
  (await wire.nextRequest()).respondWith({ status: 200 });
  await sent;
  expect(waiting.pauses).toEqual([7000]);
});

test("a service without a SOAP template is refused before anything is sent, and asked anew the next time", async () => {
  const { wire, scribe, shaken } = setUp();
  const opened = scribe.open("visit-1.1").catch((thrown: unknown) => thrown);
  await shaken({ templates: [{ id: "referral_letter", name: "Letter" }] });
  expect(await opened).toMatchObject({ problem: { code: "scribe_refused" } });
  const again = scribe.open("visit-1.1");
  await shaken();
  (await wire.nextRequest()).respondWith({ status: 201, body: { session_id: "sess_abc" } });
  await again;
});

function mp3(durationMs: number): OutgoingFile {
  const bytes = new TextEncoder().encode("<BINARY_AUDIO_DATA>");
  async function* stream(): AsyncGenerator<Uint8Array> {
    yield bytes.subarray(0, 5);
    yield bytes.subarray(5);
  }
  return { bytes: stream(), sizeBytes: bytes.length, durationMs, mimeType: "audio/mpeg", sha256 };
}

async function textOf(body: SendRequest["body"]): Promise<string> {
  const parts: Uint8Array[] = [];
  if (typeof body === "object" && !(body instanceof Uint8Array)) for await (const part of body) parts.push(part);
  return Buffer.concat(parts).toString();
}
