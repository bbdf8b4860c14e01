/** Each form refuses what its text refuses: asked with plain HTTP, as the texts print it. */
import { afterEach, expect, test } from "vitest";
import type { SandboxMsa, SandboxMsaOptions } from "./sandbox.ts";
import { createSandboxMsa, sandboxClient } from "./sandbox.ts";

const open: SandboxMsa[] = [];
afterEach(async () => {
  for (const sandbox of open.splice(0)) await sandbox.close();
});

type Call = { method?: string; headers?: Record<string, string>; body?: unknown };

async function start(options: SandboxMsaOptions) {
  const sandbox = await createSandboxMsa({ post: async () => {}, ...options });
  open.push(sandbox);
  const key: Record<string, string> = options.form === "C" ? {} : { "x-api-key": "sk_test_sandbox" };
  const ask = async (path: string, { method = "POST", headers = {}, body }: Call = {}) => {
    const isJson = typeof body === "object";
    const answer = await fetch(sandbox.url + path, {
      method,
      headers: { ...key, ...(isJson && { "content-type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const told: unknown = text === "" ? undefined : JSON.parse(text);
    return { status: answer.status, told: told as Record<string, never> };
  };
  return { sandbox, ask };
}

const seedBody = {
  templates: ["soap", "medications"],
  model: "pro",
  language_hint: "en",
  include_transcript: true,
  metadata: { emr_encounter_id: "enc_12345" },
};
const newBody = { templates: ["soap"], upload_type: "chunked", communication_protocol: "http" };
const webm = { "content-type": "audio/webm;codecs=opus" };

test("form A answers the example session as it is printed", async () => {
  const { ask } = await start({ form: "A" });
  const created = await ask("/v1/sessions", { body: seedBody });
  expect(created).toMatchObject({ status: 201, told: { status: "created" } });
  const id = String(created.told["session_id"]);
  const chunk = (index: number) =>
    ask(`/v1/sessions/${id}/audio`, { headers: { ...webm, "x-chunk-index": String(index) }, body: "x" });
  expect(await chunk(0)).toEqual({
    status: 200,
    told: { session_id: id, chunk_index: 0, chunk_duration_ms: 15_000, total_duration_ms: 15_000, status: "received" },
  });
  expect(await chunk(1)).toMatchObject({ told: { chunk_index: 1, total_duration_ms: 30_000 } });
  expect(await ask(`/v1/sessions/${id}/end`)).toEqual({
    status: 200,
    told: { session_id: id, status: "processing", audio_duration_ms: 30_000 },
  });
  const read = await ask(`/v1/sessions/${id}`, { method: "GET" });
  expect(read).toMatchObject({
    status: 200,
    told: { status: "completed", metadata: seedBody.metadata, templates: { soap: {}, medications: [] } },
  });
});

test.each([
  ["no key", "/v1/sessions", { headers: { "x-api-key": "" }, body: seedBody }, 401, "invalid_api_key"],
  [
    "another version",
    "/v1/sessions",
    { headers: { "msa-version": "0.2" }, body: seedBody },
    400,
    "unsupported_version",
  ],
  ["a list of languages", "/v1/sessions", { body: { ...seedBody, language_hint: ["en"] } }, 400, "invalid_request"],
  ["no templates", "/v1/sessions", { body: {} }, 400, "missing_required_field"],
  ["an unknown session", "/v1/sessions/ses_x", { method: "GET" }, 404, "session_not_found"],
  [
    "an event of form B",
    "/v1/webhooks",
    { body: { url: "https://x.example", events: ["session.partial"], secret: "s" } },
    400,
    "invalid_request",
  ],
  [
    "no secret",
    "/v1/webhooks",
    { body: { url: "https://x.example", events: ["session.completed"] } },
    400,
    "missing_required_field",
  ],
])("form A refuses %s", async (...row) => {
  const [, path, call, status, code] = row;
  const { ask } = await start({ form: "A" });
  expect(await ask(path, call)).toMatchObject({ status, told: { error: { code } } });
});

test("form A takes chunks in order, each once, of a declared type, until the end", async () => {
  const { ask, sandbox } = await start({ form: "A" });
  const { told } = await ask("/v1/sessions", { body: seedBody });
  const path = `/v1/sessions/${String(told["session_id"])}`;
  const chunk = (headers: Record<string, string>) => ask(`${path}/audio`, { headers, body: "x" });
  expect(await chunk({ ...webm, "x-chunk-index": "5" })).toMatchObject({
    status: 400,
    told: { error: { code: "invalid_request", details: { received_index: 5, expected_index: 0 } } },
  });
  expect(await chunk({ ...webm, "x-chunk-index": "0" })).toMatchObject({ status: 200 });
  expect(await chunk({ ...webm, "x-chunk-index": "0" })).toMatchObject({
    told: { error: { details: { expected_index: 1 } } },
  });
  expect(await chunk(webm)).toMatchObject({ told: { error: { code: "missing_required_field" } } });
  expect(await chunk({ "content-type": "audio/mp4", "x-chunk-index": "1" })).toMatchObject({
    told: { error: { code: "invalid_audio_format" } },
  });
  sandbox.controls.expire();
  expect(await chunk({ ...webm, "x-chunk-index": "1" })).toMatchObject({
    status: 410,
    told: { error: { code: "session_expired", details: { expired_at: expect.any(String) } } },
  });
});

test.each([
  ["the example's body", { body: seedBody }, "missing_required_field"],
  ["three templates", { body: { ...newBody, templates: ["soap", "medications", "vitals"] } }, "invalid_request"],
  ["one language as a string", { body: { ...newBody, language_hint: "en" } }, "invalid_request"],
  ["more than 4 KB of data", { body: { ...newBody, additional_data: { x: "x".repeat(5000) } } }, "invalid_request"],
])("form B refuses %s", async (_name, call, code) => {
  const { ask } = await start({ form: "B" });
  expect(await ask("/v1/sessions", call)).toMatchObject({ status: 400, told: { error: { code } } });
});

test("form B: names carry the place, statuses the phase, and the end wants a count", async () => {
  const { ask, sandbox } = await start({ form: "B" });
  const { told } = await ask("/v1/sessions", { body: newBody });
  const path = `/v1/sessions/${String(told["session_id"])}`;
  expect(told["upload_url"]).toBe(`${sandbox.url}${path}/audio`);
  const named = (name: string) =>
    ask(`${path}/audio`, { headers: { ...webm, "content-disposition": `attachment; filename="${name}"` }, body: "x" });
  expect(await named("audio_1.webm")).toMatchObject({ status: 200 });
  expect(await named("audio_01.webm")).toMatchObject({ status: 400 });
  expect(await ask(path, { method: "GET" })).toMatchObject({ status: 202, told: { audio_files: ["audio_1.webm"] } });
  expect(await ask(`${path}/end`)).toMatchObject({ status: 400, told: { error: { code: "missing_required_field" } } });
  expect(await ask(`${path}/end`, { body: { audio_files_sent: 2 } })).toMatchObject({ status: 202 });
  expect(await ask(path, { method: "GET" })).toMatchObject({
    status: 206,
    told: { status: "partial", templates: { soap: { status: "success" } }, processing_errors: [{}] },
  });
});

test("form B: an expired session is 410 with itself in the body", async () => {
  const { ask, sandbox } = await start({ form: "B" });
  const { told } = await ask("/v1/sessions", { body: newBody });
  sandbox.controls.expire();
  const path = `/v1/sessions/${String(told["session_id"])}`;
  expect(await ask(path, { method: "GET" })).toMatchObject({ status: 410, told: { status: "expired" } });
});

test("form C wants a token, exact types and names with a place", async () => {
  const { ask } = await start({ form: "C" });
  expect(await ask("/voice/v1/sessions", { headers: { "x-api-key": "sk" }, body: newBody })).toEqual({
    status: 403,
    told: { detail: "missing_token" },
  });
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: sandboxClient.clientId,
    client_secret: sandboxClient.clientSecret,
  });
  const token = await ask("/oauth/token", {
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: form.toString(),
  });
  const authorization = `Bearer ${String(token.told["access_token"])}`;
  const { told } = await ask("/voice/v1/sessions", { headers: { authorization }, body: newBody });
  const path = `/voice/v1/sessions/${String(told["session_id"])}`;
  const upload = (name: string, type: string) =>
    ask(`${path}/audio/${name}`, { headers: { authorization, "content-type": type }, body: "x" });
  expect(await upload("1.mp3", "audio/webm;codecs=opus")).toMatchObject({ status: 500 });
  expect(await upload("audio_0.webm", "audio/webm; codecs=opus")).toMatchObject({
    status: 400,
    told: { error: { code: "invalid_audio_format" } },
  });
  expect(await upload("audio_0.webm", "audio/webm;codecs=opus")).toMatchObject({
    status: 200,
    told: { success: true },
  });
  expect(await ask(path, { method: "GET", headers: { authorization } })).toMatchObject({
    status: 202,
    told: { audio_files: [expect.stringMatching(/^s3:\/\/.*\/0\.webm$/u)] },
  });
  await ask(`${path}/end`, { headers: { authorization } });
  expect(await upload("audio_1.webm", "audio/webm;codecs=opus")).toMatchObject({
    told: { error: { code: "session_completed" } },
  });
  expect(await ask(path, { method: "GET", headers: { authorization } })).toMatchObject({
    status: 200,
    told: { templates: [{ soap: { status: "success", data: { subjective: expect.stringContaining("nobody") } } }] },
  });
});

test("its strings can be pulled over HTTP where that was asked for, and nowhere else", async () => {
  const pulled = await start({ form: "B", httpControls: true });
  expect(await pulled.ask("/sandbox/endAs", { body: ["failed", "audio_too_short"] })).toMatchObject({ status: 200 });
  expect(await pulled.ask("/sandbox/sessions")).toEqual({ status: 200, told: [] });
  expect(await pulled.ask("/sandbox/toString")).toMatchObject({ status: 404 });
  const closed = await start({ form: "B" });
  expect(await closed.ask("/sandbox/sessions")).toMatchObject({
    status: 404,
    told: { error: { code: "session_not_found" } },
  });
});

test("webhooks can come twice, in the wrong order, or not at all", async () => {
  const events: string[] = [];
  const post = async (_url: string, _headers: object, body: string) => {
    events.push((JSON.parse(body) as { event: string }).event);
  };
  const { ask, sandbox } = await start({ form: "B", post });
  await ask("/v1/webhooks", { body: { url: "https://x.example", events: ["session.ended", "session.completed"] } });
  for (const how of ["once", "twice", "reversed", "never"] as const) {
    sandbox.controls.deliver(how);
    const { told } = await ask("/v1/sessions", { body: newBody });
    await ask(`/v1/sessions/${String(told["session_id"])}/end`, { body: { audio_files_sent: 0 } });
    const expected = {
      once: ["session.ended", "session.completed"],
      twice: ["session.ended", "session.ended", "session.completed", "session.completed"],
      reversed: ["session.completed", "session.ended"],
      never: [],
    };
    expect(events.splice(0)).toEqual(expected[how]);
  }
});
