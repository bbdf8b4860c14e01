/** The sandbox refuses what the service's pages refuse: asked with plain HTTP, as the pages print it. */
import { onTestFinished, test, expect } from "vitest";
import { CodifyAnswer } from "#protocol/codify.ts";
import { createSandboxCodify, sandboxToken } from "./sandbox.ts";

type Call = { method?: string; path?: string; headers?: Record<string, string | undefined>; body?: unknown };

async function start() {
  const sandbox = await createSandboxCodify();
  onTestFinished(() => sandbox.close());
  const ask = async ({ method = "POST", path = "/v1/codify", headers = {}, body }: Call) => {
    const given = {
      authorization: `Bearer ${sandboxToken}`,
      "content-type": "application/json",
      "x-doctor": "dr_123",
      "x-patient": "pt_456",
      ...headers,
    };
    const kept = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const answer = await fetch(sandbox.url + path, {
      method,
      headers: kept,
      ...(method === "GET" || text === undefined ? {} : { body: text }),
    });
    const told: unknown = JSON.parse(await answer.text());
    return { status: answer.status, told };
  };
  return { ask, controls: sandbox.controls };
}

const note = "Patient with Type 2 Diabetes. No fever.";

test("the quickstart's request is taken as it is printed", async () => {
  const { ask } = await start();
  const { status, told } = await ask({ body: { medical_note: note, model: "balanced" } });
  expect(status).toBe(200);
  expect(CodifyAnswer.parse(told)).toMatchObject({
    final_code_assessments: [
      { code: "E11.9", justification: expect.stringContaining("sandbox"), confidence_percent: 94 },
    ],
    discarded_code_assessments: [{ code: "R50.9" }],
    run_id: expect.stringMatching(/^[0-9a-f-]{36}$/u),
  });
});

const pdf = (more: object) => ({
  type: "file",
  source_type: "base64",
  mime_type: "application/pdf",
  data: Buffer.from("%PDF-1.7").toString("base64"),
  filename: "a.pdf",
  ...more,
});

test("a PDF beside the note is taken", async () => {
  const { ask } = await start();
  expect(await ask({ body: { medical_note: note, pdf_file: pdf({}) } })).toMatchObject({ status: 200 });
});

test.each<[string, Call, number, string]>([
  ["no token", { headers: { authorization: undefined } }, 401, "Unauthorized"],
  ["another token", { headers: { authorization: "Bearer other" } }, 401, "Unauthorized"],
  ["a GET", { method: "GET" }, 404, "Not Found"],
  ["another address", { path: "/v1/codes" }, 404, "Not Found"],
  ["a form", { headers: { "content-type": "text/plain" } }, 400, "Bad Request"],
  ["no doctor", { headers: { "x-doctor": undefined } }, 400, "Bad Request"],
  ["no JSON", { body: "{" }, 400, "Bad Request"],
  ["no note", { body: { model: "fast" } }, 400, "Bad Request"],
  ["an empty note", { body: { medical_note: " " } }, 400, "Bad Request"],
  ["a model of its own", { body: { medical_note: note, model: "best" } }, 400, "Bad Request"],
  ["50 KB and a byte", { body: { medical_note: "é".repeat(25_000) + "x" } }, 413, "Payload Too Large"],
  [
    "a file that is no PDF",
    { body: { medical_note: note, pdf_file: pdf({ data: "eHh4eHg=" }) } },
    422,
    "Unprocessable Entity",
  ],
  [
    "another type of file",
    { body: { medical_note: note, pdf_file: pdf({ mime_type: "image/png" }) } },
    422,
    "Unprocessable Entity",
  ],
  [
    "data that is not base64",
    { body: { medical_note: note, pdf_file: pdf({ data: "%%" }) } },
    422,
    "Unprocessable Entity",
  ],
])("%s is refused", async (...[, call, status, error]) => {
  const { ask, controls } = await start();
  const answer = await ask({ body: { medical_note: note }, ...call });
  expect(answer).toMatchObject({ status, told: { success: false, error, details: expect.any(String) } });
  expect(controls.runs()).toEqual([]);
});

test("exactly 50 KB are taken", async () => {
  const { ask } = await start();
  expect(await ask({ body: { medical_note: "é".repeat(25_000) } })).toMatchObject({ status: 200 });
});

test("a fault acts once, and a held run ends when it is released", async () => {
  const { ask, controls } = await start();
  controls.fault({ kind: "fail", status: 429 });
  expect(await ask({ body: { medical_note: note } })).toMatchObject({ status: 429, told: { success: false } });
  controls.hold();
  const running = ask({ body: { medical_note: note } });
  await expect.poll(() => controls.runs().length).toBe(1);
  controls.release();
  expect(await running).toMatchObject({ status: 200 });
});
