import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { ProblemError } from "#model/problem.ts";
import { createOpenAiWriter } from "./openai.ts";
import { transcriptOf } from "./visits/read-visit.ts";

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }
});

type Request = { headers: IncomingMessage["headers"]; url: string | undefined; body: unknown };
type Reply = (response: ServerResponse) => void;

/** A server that gives one reply per request, the last one again and again, and keeps what it was sent. */
async function serve(...replies: Reply[]): Promise<{ url: string; requests: Request[] }> {
  const requests: Request[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      requests.push({ headers: request.headers, url: request.url, body: JSON.parse(text) });
      replies[Math.min(requests.length, replies.length) - 1]?.(response);
    });
  });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

const answer = {
  subjective: "Has had chest pain for 2 days.",
  objective: "",
  assessment: "",
  plan: "Take aspirin 81 mg.",
  medications: [{ name: "aspirin", dosage: "81 mg", frequency: null, route: null, instructions: null, action: null }],
};

function says(content: unknown, more: object = {}): Reply {
  const message = { role: "assistant", content: typeof content === "string" ? content : JSON.stringify(content) };
  return (response) => response.end(JSON.stringify({ choices: [{ finish_reason: "stop", message, ...more }] }));
}

function fails(status: number, headers: Record<string, string> = {}): Reply {
  return (response) => response.writeHead(status, headers).end("a body that may quote the patient");
}

const transcript = transcriptOf(["P: i have had chest pain~9 for two days", "take aspirin"], 0.3);

/** Writes against the server; the waits between tries are noted, not waited. */
async function write(url: string, timeoutMs?: number): Promise<{ waits: number[]; outcome: unknown }> {
  const waits: number[] = [];
  const writer = createOpenAiWriter({
    url,
    key: "sk-secret",
    model: "writer-1",
    wait: (ms) => Promise.resolve(waits.push(ms)),
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
  const outcome = await writer.write(transcript).catch((thrown: unknown) => thrown);
  return { waits, outcome };
}

function problemOf(outcome: unknown): unknown {
  expect(outcome).toBeInstanceOf(ProblemError);
  return (outcome as ProblemError).problem;
}

test("asks for a note in a fixed form, at temperature 0, with unclear words hidden", async () => {
  const { url, requests } = await serve(says(answer));
  const { outcome } = await write(`${url}/`);
  const { medications, ...note } = answer;
  expect(outcome).toEqual({ note, medications });
  const [request] = requests;
  expect(request?.url).toBe("/v1/chat/completions");
  expect(request?.headers.authorization).toBe("Bearer sk-secret");
  const body = z
    .object({
      model: z.literal("writer-1"),
      temperature: z.literal(0),
      response_format: z.object({
        type: z.literal("json_schema"),
        json_schema: z.object({
          strict: z.literal(true),
          schema: z.object({ additionalProperties: z.literal(false), required: z.array(z.string()) }),
        }),
      }),
      messages: z.array(z.object({ role: z.string(), content: z.string() })),
    })
    .parse(request?.body);
  expect(body.response_format.json_schema.schema.required).toEqual(Object.keys(answer));
  expect(body.messages.map(({ role }) => role)).toEqual(["system", "user"]);
  expect(body.messages[1]?.content).toBe("patient: i have had chest [unclear] for two days\ntake aspirin");
});

test("its name tells the model and the host, never the key", () => {
  const writer = createOpenAiWriter({ url: "https://models.example/x", key: "sk-secret", model: "writer-1" });
  expect(writer.name).toBe("writer-1 at models.example");
});

test.each([
  ["no JSON", says("Here is your note")],
  ["a section that is no string", says({ ...answer, plan: ["Take aspirin"] })],
  ["a section missing", says({ ...answer, plan: undefined })],
  ["a field nobody asked for", says({ ...answer, diagnosis: "angina" })],
  ["an action that does not exist", says({ ...answer, medications: [{ ...answer.medications[0], action: "maybe" }] })],
  ["an answer cut off", says(answer, { finish_reason: "length" })],
  ["no choices", (response: ServerResponse) => response.end('{"choices":[]}')],
  ["an HTML page", (response: ServerResponse) => response.end("<html>")],
])("unreadable: %s", async (_, reply) => {
  const { url, requests } = await serve(reply);
  const { outcome } = await write(url);
  expect(problemOf(outcome)).toMatchObject({ code: "scribe_answer_unreadable" });
  expect(requests).toHaveLength(1);
});

test("a model that refuses is a refusal", async () => {
  const { url } = await serve(says(null, { message: { content: null, refusal: "I cannot" } }));
  expect(problemOf((await write(url)).outcome)).toMatchObject({ code: "scribe_refused" });
});

test("busy and broken servers are asked again after about 1, 2 and 4 s", async () => {
  const { url, requests } = await serve(fails(503), fails(429), fails(500), says(answer));
  const { waits, outcome } = await write(url);
  expect(outcome).toHaveProperty("note");
  expect(requests).toHaveLength(4);
  for (const [index, longest] of [1000, 2000, 4000].entries()) {
    expect(waits[index]).toBeGreaterThanOrEqual(longest / 2);
    expect(waits[index]).toBeLessThanOrEqual(longest);
  }
});

test("Retry-After is honoured in full, in seconds or as a date", async () => {
  const date = "Mon, 06 Jan 2025 10:00:00 GMT";
  const later = "Mon, 06 Jan 2025 10:00:09 GMT";
  const { url } = await serve(
    fails(429, { "retry-after": "7" }),
    fails(503, { date, "retry-after": later }),
    says(answer),
  );
  expect((await write(url)).waits).toEqual([7000, 9000]);
});

test("a wish to wait longer than we may is passed on", async () => {
  const { url, requests } = await serve(fails(429, { "retry-after": "120" }));
  expect(problemOf((await write(url)).outcome)).toMatchObject({ code: "rate_limited", retryAfterMs: 120_000 });
  expect(requests).toHaveLength(1);
});

test.each([
  [429, "rate_limited", 4],
  [502, "scribe_down", 4],
  [401, "scribe_refused", 1],
  [400, "scribe_refused", 1],
])("a server that stays at %d is %s after %d tries", async (status, code, tries) => {
  const { url, requests } = await serve(fails(status));
  const { outcome } = await write(url);
  expect(problemOf(outcome)).toMatchObject({ code, detail: `note service ${status}` });
  expect(requests).toHaveLength(tries);
});

test("no server at all", async () => {
  const { url } = await serve(says(answer));
  for (const server of servers.splice(0)) server.close();
  expect(problemOf((await write(url)).outcome)).toMatchObject({ code: "scribe_down" });
});

test("a server that never answers runs into the time limit", async () => {
  const { url, requests } = await serve(() => undefined);
  expect(problemOf((await write(url, 50)).outcome)).toMatchObject({ code: "timed_out" });
  expect(requests).toHaveLength(4);
});

test("an answer that stops half way runs into the time limit too", async () => {
  const { url } = await serve((response) => response.write('{"choices":'));
  expect(problemOf((await write(url, 50)).outcome)).toMatchObject({ code: "timed_out" });
});

test("a problem tells nothing of the visit, the key or the server's words", async () => {
  const { url } = await serve(fails(500));
  const { outcome } = await write(url);
  const told = JSON.stringify([problemOf(outcome), String(outcome), (outcome as Error).cause ?? null]);
  expect(told).not.toMatch(/chest|aspirin|sk-secret|quote the patient/u);
});
