/** Requests and answers of the sandbox scribes, and the HTTP server around them: bodies are read whole, faults act first. */
import { setTimeout as wait } from "node:timers/promises";
import fastify from "fastify";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Faults } from "#sandbox/openemr/faults.ts";

export type Asked = {
  method: string;
  path: string;
  query: URLSearchParams;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Buffer;
};
export type Told = { status: number; body?: unknown; headers?: Record<string, string> };

export type SandboxServer = { url: string; close(): Promise<void> };

const largestBodyBytes = 100 * 1024 * 1024;

/** `answer` is asked only when no fault stands in the way; `failure` words a fault as the protocol does. */
export async function serveScribe(options: {
  port: number;
  faults: Faults;
  answer(asked: Asked): Told | Promise<Told>;
  failure(status: number): Told;
  /** Strings to pull as `POST /sandbox/<name>`, the body a JSON list of arguments. Absent: none over HTTP. */
  controls?: Record<string, (...given: never[]) => unknown> | undefined;
}): Promise<SandboxServer> {
  const { port, faults, answer, failure, controls } = options;
  const server = fastify({ bodyLimit: largestBodyBytes, forceCloseConnections: true, exposeHeadRoutes: false });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  if (controls) server.post("/sandbox/:name", (request, reply) => write(reply, pulled(controls, toAsked(request))));
  server.all("/*", async (request, reply) => {
    if (faults.down === "refused") return cut(reply);
    if (faults.down === "unavailable") return write(reply, failure(503));
    const asked = toAsked(request);
    const acting = faults.take(asked.method, asked.path);
    await wait(acting.find(({ kind }) => kind === "delay")?.ms ?? 0);
    const failing = acting.find(({ kind }) => kind === "fail");
    if (failing) return write(reply, failure(failing.status ?? 500));
    const told = await answer(asked);
    return acting.some(({ kind }) => kind === "lose-answer") ? cut(reply) : write(reply, told);
  });
  const url = await server.listen({ port, host: "127.0.0.1" });
  return { url, close: () => server.close() };
}

/** 200 with what the string gives, 404 for an unknown one, 400 for arguments that are no list. */
function pulled(controls: Record<string, (...given: never[]) => unknown>, { path, body }: Asked): Told {
  const name = path.slice("/sandbox/".length);
  const control = Object.hasOwn(controls, name) ? controls[name] : undefined;
  if (control === undefined) return { status: 404, body: { error: "no such control" } };
  const given = body.length === 0 ? [] : jsonOf(body);
  if (!Array.isArray(given)) return { status: 400, body: { error: "wanted: a list of arguments" } };
  return { status: 200, body: control(...(given as never[])) ?? {} };
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

function toAsked(request: FastifyRequest): Asked {
  const [path = "", query = ""] = request.raw.url?.split(/\?(.*)/su, 2) ?? [];
  const headers = Object.entries(request.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(", ") : (value ?? ""),
  ]);
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  return {
    method: request.method,
    path,
    query: new URLSearchParams(query),
    headers: Object.fromEntries(headers) as Record<string, string>,
    body,
  };
}

function write(reply: FastifyReply, { status, body, headers = {} }: Told): FastifyReply {
  if (body === undefined) return reply.code(status).headers(headers).send();
  const typed = { "content-type": "application/json", ...headers };
  return reply.code(status).headers(typed).send(JSON.stringify(body));
}

function cut(reply: FastifyReply): FastifyReply {
  reply.hijack();
  reply.raw.destroy();
  return reply;
}

/** The body as a JSON object, undefined when it is none. */
export function jsonObjectOf(body: Buffer): Record<string, unknown> | undefined {
  const value = jsonOf(body);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

/** `answer` is given what the groups of `path` found, "" for a group that found nothing. */
export type Route<T> = { method: string; path: RegExp; answer(...found: string[]): T };

/** What the first fitting route answers; undefined when none fits. */
export function routed<T>({ method, path }: Asked, routes: Route<T>[]): T | undefined {
  for (const route of routes) {
    const found = route.method === method ? route.path.exec(path) : null;
    if (found) return route.answer(...found.slice(1).map((group: string | undefined) => group ?? ""));
  }
  return undefined;
}

/** A header's value, "" when it did not come. */
export function headerOf({ headers }: Asked, name: string): string {
  return headers[name] ?? "";
}
