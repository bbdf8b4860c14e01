/**
 * One lane to an upstream: its own connections and its own circuit breaker, so that slow uploads never hold up a status
 * call. In: one HTTP exchange with a total deadline. Out: whatever was answered, or a problem. It never repeats anything.
 */
import { Readable } from "node:stream";
import { Agent, errors } from "undici";
import { problem, type ProblemCode } from "#model/problem.ts";
import { type Breaker, createBreaker } from "./breaker.ts";

export type LaneRequest = {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  url: string;
  headers: Record<string, string>;
  body?: Uint8Array | string | AsyncIterable<Uint8Array>;
  /** Queueing and the whole answer included. */
  deadlineMs: number;
};
/** Header names are in lower case. */
export type LaneAnswer = { status: number; headers: Record<string, string>; body: Uint8Array };

export type LaneOptions = {
  /** Which addresses may be asked, so that no answer can lead a key or a token elsewhere. */
  allows(url: URL): boolean;
  /** The problem when nobody answers. */
  down: ProblemCode;
  /** The problem when the answer is larger than 32 MiB. */
  unreadable: ProblemCode;
  connections: number;
  /** Several lanes to one service may have one breaker; without it the lane has its own. */
  breaker?: Breaker<LaneAnswer>;
};

export type Lane = { send(request: LaneRequest): Promise<LaneAnswer>; close(): Promise<void> };

/** `down` at once while the breaker is open. */
export function createLane(options: LaneOptions): Lane {
  const agent = new Agent({ connections: options.connections, maxResponseSize: 32 * 1024 * 1024, pipelining: 1 });
  const { breaker = createBreaker<LaneAnswer>(options) } = options;
  return {
    send: async (request) => {
      if (!options.allows(new URL(request.url))) throw problem(options.unreadable, { detail: "address not allowed" });
      return breaker.run(() => exchange(agent, request, options));
    },
    close: () => agent.destroy(),
  };
}

async function exchange(agent: Agent, request: LaneRequest, { down, unreadable }: LaneOptions): Promise<LaneAnswer> {
  try {
    const { statusCode, headers, body } = await agent.request({
      origin: new URL(request.url).origin,
      path: pathOf(request.url),
      method: request.method,
      headers: request.headers,
      body: bodyOf(request),
      // The signal is the only deadline: undici's own would end a call of ten minutes after five.
      headersTimeout: 0,
      bodyTimeout: 0,
      signal: AbortSignal.timeout(request.deadlineMs),
    });
    return { status: statusCode, headers: flatten(headers), body: await body.bytes() };
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === "TimeoutError") throw problem("timed_out");
    if (thrown instanceof errors.ResponseExceededMaxSizeError) throw problem(unreadable, { detail: "too large" });
    throw problem(down, { detail: codeOf(thrown) });
  }
}

function bodyOf({ body }: LaneRequest): Uint8Array | string | Readable | null {
  if (body === undefined || typeof body === "string" || body instanceof Uint8Array) return body ?? null;
  return Readable.from(body, { objectMode: false });
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(", ") : (value ?? ""),
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

function codeOf(thrown: unknown): string {
  if (thrown instanceof Error && "code" in thrown && typeof thrown.code === "string") return thrown.code.slice(0, 60);
  return "network";
}
