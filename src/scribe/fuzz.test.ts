/**
 * Five thousand bad answers for each adapter: whatever comes back, a call ends, soon, with a result or with a named problem
 * that repeats nothing of what stood in the answer. The seed is in the failure's text.
 */
import { expect, test } from "vitest";
import { problem, ProblemError } from "#model/problem.ts";
import { createFakeWaiting } from "./fake-wire.ts";
import { createMedScribeAlliance } from "./medscribealliance/medscribealliance.ts";
import { createOmsif } from "./omsif/omsif.ts";
import type { Scribe, ScribeJob, Send, SendAnswer, SendRequest } from "./scribe.ts";
import type { Waiting } from "./retry.ts";

const rounds = 5000;
/** Stands wherever a service may put words of its own; it must not come out of a problem. */
const canary = "Ada Quill 1950";

type Random = {
  below(n: number): number;
  oneOf<T>(list: readonly T[]): T;
  /** True once in `n`. */
  once(n: number): boolean;
};

/** mulberry32: small, and the same on every machine. */
function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return { below, oneOf: (list) => list[below(list.length)]!, once: (n) => below(n) === 0 };
}

const strange: unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  "",
  canary,
  "\u0000",
  [],
  {},
  [null],
  { status: "success" },
  { code: canary },
  [[canary]],
  "https://",
  "ftp://x",
  "wss://x/y",
  "//",
  "__proto__",
  "constructor",
];

const strangeAddresses = [
  "https://",
  "https://[",
  "//",
  "/x",
  "x",
  "ftp://x",
  "wss://x/y",
  "http://x/a?sig=1",
  "https://x/a?sig=1",
];

/** A copy with one or more places made strange, left out, or doubled. */
function mutated(value: unknown, random: Random): unknown {
  if (random.once(6)) return random.oneOf(strange);
  if (Array.isArray(value)) {
    const items: unknown[] = value.map((item) => (random.once(3) ? mutated(item, random) : item));
    return random.once(4) ? [...items, random.oneOf(strange)] : items;
  }
  if (typeof value === "string" && value.startsWith("https:") && random.once(2)) return random.oneOf(strangeAddresses);
  if (typeof value !== "object" || value === null) return random.once(2) ? random.oneOf(strange) : value;
  const entries = Object.entries(value).filter(() => !random.once(8));
  const changed = entries.map(([key, one]) => [key, random.once(3) ? mutated(one, random) : one]);
  if (random.once(8)) changed.push([random.oneOf(["__proto__", "constructor", "toString", canary]), {}]);
  return Object.fromEntries(changed);
}

const statuses = [
  200, 200, 200, 200, 201, 202, 204, 206, 301, 400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429, 500, 502, 503,
  504,
];
const html = `<!doctype html><title>502</title><p>${canary}</p>`;
const huge = new TextEncoder().encode(
  `{"session_id":"ses_1","status":"completed","transcript":"${"x".repeat(5_000_000)}"}`,
);
const deep = new TextEncoder().encode("[".repeat(50_000));

function badAnswer(valid: unknown, random: Random): SendAnswer {
  const text = new TextEncoder();
  const json = JSON.stringify(mutated(valid, random)) ?? "";
  const bodies = [
    () => text.encode(json),
    () => text.encode(json),
    () => text.encode(json),
    () => text.encode(json.slice(0, random.below(json.length + 1))),
    () => text.encode(html),
    () => new Uint8Array(),
    () => new Uint8Array([0xff, 0xfe, 0x00, random.below(256)]),
    () =>
      text.encode(
        JSON.stringify({
          error: {
            code: random.oneOf(codes),
            message: canary,
            details: mutated({ retry_after_seconds: 2, expected_index: 3 }, random),
          },
        }),
      ),
    () => text.encode(JSON.stringify({ code: random.oneOf(codes), message: canary })),
  ];
  const body = random.once(500) ? huge : random.once(500) ? deep : random.oneOf(bodies)();
  const type = random.oneOf([
    "application/json",
    "text/html",
    "",
    "image/png",
    "application/problem+json; charset=utf-16",
  ]);
  const wait = random.oneOf(["1", "-1", "soon", "3600", "99999999999999999999", "Wed, 21 Oct 2015 07:28:00 GMT", ""]);
  const headers: Record<string, string> = { "content-type": type };
  if (random.once(3)) headers["retry-after"] = wait;
  if (random.once(4))
    headers["cache-control"] = random.oneOf(["no-store", "max-age=-5", "max-age=99999999999", canary]);
  return { status: random.oneOf(statuses), headers, body };
}

const codes = [
  "session_expired",
  "invalid_request",
  "internal_error",
  "processing_failed",
  "rate_limit_exceeded",
  "__proto__",
  "",
  canary,
];

type Fuzzed = { send: Send; count(): number };

/** A third of the answers are good, so that calls get somewhere before they meet a bad one. */
function createFuzzedSend(random: Random, validFor: (request: SendRequest) => unknown): Fuzzed {
  let count = 0;
  return {
    count: () => count,
    send: async (request) => {
      count += 1;
      if (random.once(20)) throw new Error(canary);
      if (random.once(20)) throw problem("timed_out");
      const valid = validFor(request);
      if (random.once(3)) return badAnswer(valid, random);
      // Well-formed, and yet not what was asked for: this is how a changed service looks.
      const told = random.once(2) ? mutated(valid, random) : valid;
      return { status: 200, headers: {}, body: new TextEncoder().encode(JSON.stringify(told)) };
    },
  };
}

const soap = { subjective: "Chest pain.", objective: "", assessment: "1. Angina", plan: "Rest" };
const medications = [{ name: "Aspirin", dosage: "81mg", action: "start" }];
const segments = [
  {
    id: "s",
    start_ms: 0,
    end_ms: 1,
    speaker: "patient",
    words: [{ text: "a", start_ms: 0, end_ms: 1, confidence: 1, unclear: false }],
  },
];

function msaAnswer({ url, method }: SendRequest): unknown {
  if (url.includes("well-known")) {
    return {
      protocol: "medscribealliance",
      protocol_version: "0.1",
      service: { name: "X" },
      endpoints: {
        base_url: "https://x.example/v1",
        webhooks_url: "https://x.example/v1/webhooks",
        templates_url: "https://x.example/v1/templates",
      },
      capabilities: {
        audio_formats: ["audio/webm;codecs=opus"],
        max_chunk_duration_seconds: 20,
        upload_methods: ["chunked"],
      },
      models: [{ id: "pro", languages: ["en"], max_session_duration_seconds: 3600 }],
    };
  }
  if (url.endsWith("/templates")) return { templates: [{ id: "soap" }, { id: "medications" }] };
  if (url.endsWith("/webhooks"))
    return { webhooks: [{ webhook_id: "w", url: "https://emr.example/x", status: "active" }] };
  if (url.endsWith("/sessions"))
    return {
      session_id: "ses_1",
      status: "created",
      expires_at: "2025-01-19T11:30:00Z",
      upload_url: "https://x.example/v1/sessions/ses_1/audio",
    };
  if (url.endsWith("/end"))
    return { session_id: "ses_1", status: "processing", audio_files_received: 2, audio_files: ["audio_0.webm"] };
  if (url.includes("/audio")) return { chunk_index: 0, sha256, size_bytes: 3 };
  return method === "GET"
    ? {
        session_id: "ses_1",
        status: "completed",
        audio_files: ["audio_0.webm", "audio_1.webm"],
        templates: {
          soap: { status: "success", data: soap },
          medications: { status: "success", data: medications },
          vitals: { status: "partial_success", data: [1] },
        },
        template_errors: [{ template_id: "x", error: "timeout" }],
        transcript: "Doctor: a",
        transcript_segments: segments,
        processing_errors: [{ type: "decode", message: "x", file: "audio_1.webm" }],
        error: { code: "audio_too_short", message: "" },
      }
    : {};
}

function omsifAnswer({ url }: SendRequest): unknown {
  const templates = [
    { id: "soap_v1", name: "SOAP" },
    { id: "verbatim_transcript", name: "T" },
  ];
  if (url.endsWith("/capabilities"))
    return { version: "1.0", provider: "X", features: ["sync", "streaming_upload"], templates };
  if (url.endsWith("/initialize"))
    return { protocolVersion: "2024-01-01", serverInfo: { name: "X" }, capabilities: {}, templates };
  if (url.endsWith("/session")) return { session_id: "sess_1" };
  if (url.endsWith("/commit") || url.endsWith("/async")) return { job_id: "job_1", status: "queued", eta_seconds: 4 };
  return {
    job_id: "job_1",
    status: "completed",
    output: {
      transcription: "Doctor: a",
      structured_data: { soap },
      results: { medications, other: 1 },
      fhir_bundles: [{}],
    },
    error: { code: "audio_too_short", message: "" },
  };
}

const sha256 = "0".repeat(64);
const chunk = { sequence: 0, bytes: new Uint8Array([1, 2, 3]), mimeType: "audio/webm;codecs=opus", sha256 };
const target = { url: "https://emr.example/x", secret: "whsec_0123456789abcdef" };

async function* noBytes(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array([1]);
}

type Calls = Record<string, (scribe: Scribe, job: ScribeJob) => Promise<unknown>>;
const calls: Calls = {
  abilities: (scribe) => scribe.abilities({ fresh: true }),
  open: (scribe) => scribe.open("visit.1"),
  send: (scribe, job) => scribe.send(job, chunk),
  finish: (scribe, job) => scribe.finish(job, 2),
  read: (scribe, job) => scribe.read(job),
  readAgain: (scribe, job) => scribe.read(job),
  sendWhole: async (scribe, job) => {
    const file = { bytes: noBytes(), sizeBytes: 1, durationMs: 30_000, mimeType: "audio/webm;codecs=opus", sha256 };
    return scribe.sendWhole?.(job, file);
  },
  askForRest: async (scribe, job) => scribe.askForRest?.(job),
  cancel: async (scribe, job) => scribe.cancel?.(job),
  notifyAt: async (scribe) => scribe.notifyAt?.(target),
};

type Adapter = {
  make(send: Send, waiting: Waiting, random: Random): Scribe;
  validFor(request: SendRequest): unknown;
  jobs: ScribeJob[];
};

const uploadUrl = "https://x.example/v1/sessions/ses_1/audio";
const msa: Adapter = {
  // Seen by its shape, or set by the configuration.
  make: (send, waiting, random) => {
    const form = random.oneOf([{}, {}, { form: "A" }, { form: "B" }, { form: "C" }] as const);
    return createMedScribeAlliance({ url: "https://x.example", apiKey: "k", send, waiting, ...form });
  },
  validFor: msaAnswer,
  jobs: (["named", "numbered", "path", "put", "fields"] as const).map((form) => ({
    id: "ses_1",
    uploadUrl,
    expiresAt: null,
    form,
    fields: { key: "a/${filename}" },
  })),
};
const omsif: Adapter = {
  make: (send, waiting) =>
    createOmsif({ url: "https://x.example/omsif", apiKey: "k", send, waiting, toWav: async () => new Uint8Array([1]) }),
  validFor: omsifAnswer,
  jobs: [
    { id: "sess_1", uploadUrl: "https://x.example/omsif/session/sess_1", expiresAt: null, form: "numbered" },
    { id: "job_1", uploadUrl: "https://x.example/omsif/jobs/job_1", expiresAt: null, form: "numbered" },
  ],
};

/** How the calls ended: by code, "ok", or by the fault that must not be. */
async function fuzz(adapter: Adapter): Promise<Map<string, number>> {
  const outcomes = new Map<string, number>();
  for (let seed = 0; seed < rounds; seed += 1) {
    const random = createRandom(seed);
    const fuzzed = createFuzzedSend(random, adapter.validFor);
    const waiting = createFakeWaiting();
    const startedAt = waiting.clock.now();
    const scribe = adapter.make(fuzzed.send, waiting, random);
    const name = random.oneOf(Object.keys(calls));
    const outcome = await calls[name]!(scribe, random.oneOf(adapter.jobs)).then(
      () => "ok",
      (thrown: unknown) => outcomeOf(thrown, `seed ${seed}, ${name}`),
    );
    // Whole minutes only where a service asked for them, and never more than one call's budgets together.
    expect(waiting.clock.now() - startedAt, `waited in ${name}, seed ${seed}`).toBeLessThan(60_000);
    expect(fuzzed.count(), `requests in ${name}, seed ${seed}`).toBeLessThan(60);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  return outcomes;
}

function outcomeOf(thrown: unknown, where: string): string {
  if (!(thrown instanceof ProblemError)) throw new Error(`${where}: not a problem`, { cause: thrown });
  const told = JSON.stringify(thrown.problem);
  if (told.includes("Ada") || thrown.problem.code === "internal_error") throw new Error(`${where}: ${told}`);
  return thrown.problem.code;
}

for (const [name, adapter] of Object.entries({ msa, omsif })) {
  test(`${rounds} bad answers to ${name}: always an end, always by name`, { timeout: 120_000 }, async () => {
    const outcomes = await fuzz(adapter);
    // The generator reaches the ways through: a fuzz that only ever met refusals would prove little.
    expect(outcomes.get("ok")).toBeGreaterThan(300);
    for (const code of ["scribe_down", "scribe_refused", "scribe_answer_unreadable", "scribe_session_expired"]) {
      expect(outcomes.get(code), code).toBeGreaterThan(5);
    }
  });
}
