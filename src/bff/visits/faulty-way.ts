/** A way to a server that breaks when told: for tests. A request can be answered in its place, or reach the server and lose its answer. */
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * `lose`: the server does its work, then the connection is destroyed. A status: the server never hears of it. `strike` happens
 * before the server hears of the request, or after its work; either way the connection is destroyed when it is over.
 */
export type Fault = "lose" | Refused | Strike | undefined;

export type FaultyWay = {
  url: string;
  /** Where requests go. */
  target: string;
  /** Requests that came so far, `METHOD /path`. */
  seen: string[];
  faultOf(line: string, place: number): Fault;
  close(): Promise<void>;
};

export async function openFaultyWay(target: string): Promise<FaultyWay> {
  const server = createServer((incoming, answer) => {
    // A sender that breaks off gets no answer, and the server behind hears nothing.
    pass(way, incoming, answer).catch(() => answer.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const way: FaultyWay = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target,
    seen: [],
    faultOf: () => undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return way;
}

async function pass(way: FaultyWay, incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
  const body = await bytesOf(incoming);
  const line = `${incoming.method} ${incoming.url?.replace(/ses_[a-z0-9]+/u, "ID")}`;
  const fault = way.faultOf(line, way.seen.push(line) - 1);
  if (isRefusal(fault)) return refuse(answer, fault);
  if (isStrike(fault) && fault.when === "before") {
    await fault.strike();
    return void incoming.socket.destroy();
  }
  const giveBack = async (reply: IncomingMessage): Promise<void> => {
    const told = await bytesOf(reply);
    if (isStrike(fault)) await fault.strike();
    if (fault !== undefined) incoming.socket.destroy();
    else answer.writeHead(reply.statusCode ?? 500, reply.headers).end(told);
  };
  const sent = forward(
    `${way.target}${incoming.url}`,
    { method: incoming.method, headers: incoming.headers },
    (reply) => void giveBack(reply),
  );
  sent.on("error", () => incoming.socket.destroy());
  sent.end(body);
}

type Refused = { status: number; code: string; retryAfter?: string };
type Strike = { strike(): Promise<void>; when: "before" | "after" };

function isRefusal(fault: Fault): fault is Refused {
  return typeof fault === "object" && "status" in fault;
}

function isStrike(fault: Fault): fault is Strike {
  return typeof fault === "object" && "strike" in fault;
}

function refuse(answer: ServerResponse, { status, code, retryAfter }: Refused): void {
  answer.writeHead(status, {
    "content-type": "application/json",
    ...(retryAfter !== undefined && { "retry-after": retryAfter }),
  });
  answer.end(JSON.stringify({ error: { code, message: "by test" } }));
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
