/** A wire answered by hand, and time that passes only when somebody waits: for tests that read like a protocol's traces. */
import type { Send, SendAnswer, SendRequest } from "./scribe.ts";
import type { Waiting } from "./retry.ts";

type Exchange = {
  request: SendRequest;
  /** The body as JSON, or undefined when there is none. */
  json(): unknown;
  /** Bodies that are not bytes are sent as JSON. */
  respondWith(answer: { status: number; headers?: Record<string, string>; body?: unknown }): void;
  failWith(thrown: unknown): void;
};

export type FakeWire = {
  send: Send;
  /** The next request in order of sending, waiting for it if there is none yet. */
  nextRequest(): Promise<Exchange>;
  /** Requests sent and not yet taken. */
  pending(): number;
};

/** Makes a wire whose every exchange is answered by the test. */
export function createFakeWire(): FakeWire {
  const sent: Exchange[] = [];
  const takers: ((exchange: Exchange) => void)[] = [];
  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        const exchange = toExchange(request, resolve, reject);
        const taker = takers.shift();
        if (taker) taker(exchange);
        else sent.push(exchange);
      }),
    nextRequest: () => {
      const exchange = sent.shift();
      return exchange ? Promise.resolve(exchange) : new Promise((resolve) => takers.push(resolve));
    },
    pending: () => sent.length,
  };
}

function toExchange(
  request: SendRequest,
  resolve: (answer: SendAnswer) => void,
  reject: (thrown: unknown) => void,
): Exchange {
  return {
    request,
    json: () => (typeof request.body === "string" ? JSON.parse(request.body) : undefined),
    respondWith: ({ status, headers = {}, body }) => resolve({ status, headers, body: toBytes(body) }),
    failWith: reject,
  };
}

function toBytes(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return new TextEncoder().encode(body === undefined ? "" : JSON.stringify(body));
}

export type FakeWaiting = Waiting & { pauses: number[]; advance(ms: number): void };

/** Waiting that ends at once and is remembered; the clock moves by what was waited. */
export function createFakeWaiting(start: { nowMs?: number; random?: number } = {}): FakeWaiting {
  let nowMs = start.nowMs ?? Date.UTC(2025, 0, 19, 10, 30);
  const pauses: number[] = [];
  return {
    pauses,
    advance: (ms) => {
      nowMs += ms;
    },
    clock: { now: () => nowMs },
    wait: (ms) => {
      pauses.push(ms);
      nowMs += ms;
      return Promise.resolve();
    },
    random: () => start.random ?? 0,
  };
}
