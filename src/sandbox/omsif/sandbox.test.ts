/** Both revisions refuse what their texts refuse: asked with plain HTTP, as the texts print it. */
import { afterEach, expect, test } from "vitest";
import type { SandboxOmsif, SandboxOmsifOptions } from "./sandbox.ts";
import { createSandboxOmsif } from "./sandbox.ts";

const open: SandboxOmsif[] = [];
afterEach(async () => {
  for (const sandbox of open.splice(0)) await sandbox.close();
});

type Call = { method?: string; headers?: Record<string, string>; body?: string | object };

async function start(options: SandboxOmsifOptions) {
  const sandbox = await createSandboxOmsif({ post: async () => {}, ...options });
  open.push(sandbox);
  return async (path: string, { method = "POST", headers = {}, body }: Call = {}) => {
    const isJson = typeof body === "object";
    const answer = await fetch(sandbox.url + path, {
      method,
      headers: {
        authorization: "Bearer sk_test_sandbox",
        ...(isJson && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isJson ? JSON.stringify(body) : body }),
    });
    const told: unknown = JSON.parse(await answer.text());
    return { status: answer.status, told: told as Record<string, never> };
  };
}

const boundary = "----WebKitFormBoundary7MA4YWxkTrZu0gW";
const formType = { "content-type": `multipart/form-data; boundary=${boundary}` };

/** The guide's first trace, byte by byte. */
function traceA(request: object, type = "audio/mpeg"): string {
  return [
    `--${boundary}`,
    'Content-Disposition: form-data; name="request"',
    "",
    JSON.stringify(request, null, 2),
    `--${boundary}`,
    'Content-Disposition: form-data; name="file"; filename="patient_visit.mp3"',
    `Content-Type: ${type}`,
    "",
    "<BINARY_AUDIO_DATA>",
    `--${boundary}--`,
    "",
  ].join("\r\n");
}

const request = {
  template_id: "soap_v1",
  config: { webhook_url: "https://emr.hospital.org/webhooks/incoming" },
  context: { patient: { id: "p_555" } },
};

test("the guide's first trace is taken as it is printed", async () => {
  const ask = await start({ revision: 1 });
  expect(await ask("/process/async", { headers: formType, body: traceA(request) })).toEqual({
    status: 202,
    told: { job_id: expect.stringMatching(/^job_/u), status: "queued", eta_seconds: 45 },
  });
});

test.each([
  ["no token", "/capabilities", { method: "GET", headers: { authorization: "" } }, 401, "unauthorized"],
  ["rev 2's handshake", "/initialize", { body: { protocolVersion: "x", clientInfo: {} } }, 404, "resource_not_found"],
  ["rev 2's list of templates", "/session", { body: { templates: ["soap_v1"] } }, 400, "validation_error"],
  ["an unknown template", "/session", { body: { template_id: "cardio_v3" } }, 404, "resource_not_found"],
  [
    "audio settings of a session",
    "/session",
    { body: { template_id: "soap_v1", audio_config: { format: "wav" } } },
    400,
    "validation_error",
  ],
  [
    "async without an address",
    "/process/async",
    { headers: formType, body: traceA({ template_id: "soap_v1" }) },
    400,
    "validation_error",
  ],
  ["webm", "/process", { headers: formType, body: traceA(request, "audio/webm") }, 400, "audio_unsupported"],
  ["a body that is no form", "/process", { body: request }, 400, "validation_error"],
  ["an unknown job", "/jobs/job_x", { method: "GET" }, 404, "resource_not_found"],
  ["an unknown session", "/session/sess_x/commit", {}, 404, "resource_not_found"],
])("rev 1 refuses %s", async (...row) => {
  const [, path, call, status, code] = row;
  const ask = await start({ revision: 1 });
  expect(await ask(path, call)).toMatchObject({ status, told: { code, request_id: expect.any(String) } });
});

test("rev 2 shakes hands instead of listing capabilities", async () => {
  const ask = await start({ revision: 2 });
  expect(await ask("/capabilities", { method: "GET" })).toMatchObject({ status: 404 });
  expect(await ask("/initialize", { body: {} })).toMatchObject({ status: 400 });
  const body = { protocolVersion: "2024-01-01", clientInfo: { name: "MyEMR", version: "4.5.0" } };
  expect(await ask("/initialize", { body })).toMatchObject({ status: 200, told: { protocolVersion: "2024-01-01" } });
});

test("a chunk needs its number and a type of the list; its number again replaces it", async () => {
  const ask = await start({ revision: 1 });
  const { told } = await ask("/session", { body: { template_id: "soap_v1" } });
  const path = `/session/${String(told["session_id"])}`;
  const chunk = (headers: Record<string, string>) => ask(`${path}/audio`, { headers, body: "x" });
  expect(await chunk({ "content-type": "audio/wav" })).toMatchObject({ told: { code: "validation_error" } });
  expect(await chunk({ "content-type": "audio/webm", "x-audio-sequence": "0" })).toMatchObject({
    told: { code: "audio_unsupported" },
  });
  for (let n = 0; n < 2; n += 1) {
    expect(await chunk({ "content-type": "audio/wav", "x-audio-sequence": "0" })).toMatchObject({ status: 200 });
  }
  expect(open[0]?.controls.sessions()).toMatchObject([{ audio: [{ sizeBytes: 1 }] }]);
  expect(await ask(`${path}/commit`)).toMatchObject({ status: 202, told: { job_id: expect.any(String) } });
  expect(await chunk({ "content-type": "audio/wav", "x-audio-sequence": "1" })).toMatchObject({ status: 400 });
});
