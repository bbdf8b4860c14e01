/** The HTTP server: reads a request whole, lets faults act, asks OAuth or API, writes the answer with OpenEMR's headers. */
import { setTimeout as wait } from "node:timers/promises";
import fastify from "fastify";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { apiError, empty } from "./answer.ts";
import type { Answer } from "./answer.ts";
import type { Fault, Faults } from "./faults.ts";
import type { Incoming } from "./incoming.ts";
import type { Profile } from "./profiles/profile.ts";

export type Doors = {
  profile: Profile;
  oauth(request: Incoming): Promise<Answer>;
  api(request: Incoming): Promise<Answer>;
  /** OpenEMR's own screens. */
  pages(request: Incoming): Answer;
  /** Absent: no controls. */
  controls?: (request: Incoming) => Answer;
};

const largestBodyBytes = 32 * 1024 * 1024;

export function createServer(doors: Doors, faults: Faults): FastifyInstance {
  const server = fastify({
    bodyLimit: largestBodyBytes,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    // OpenEMR's paths are matched by our own tables; nothing is redirected or cleaned up before.
    routerOptions: { maxParamLength: 10_000 },
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  server.all("/sandbox/*", (request, reply) => {
    return write(reply, doors.controls?.(toIncoming(request)) ?? empty(404));
  });
  server.all("/oauth2/*", (request, reply) =>
    answerWith(doors.oauth, { request, reply, faults, profile: doors.profile }),
  );
  server.all("/apis/*", (request, reply) => answerWith(doors.api, { request, reply, faults, profile: doors.profile }));
  server.all("/interface/*", (request, reply) => {
    const pages = async (asked: Incoming): Promise<Answer> => doors.pages(asked);
    return answerWith(pages, { request, reply, faults, profile: doors.profile });
  });
  server.setNotFoundHandler((_request, reply) => write(reply, empty(404)));
  return server;
}

type Exchange = { request: FastifyRequest; reply: FastifyReply; faults: Faults; profile: Profile };

async function answerWith(door: (request: Incoming) => Promise<Answer>, exchange: Exchange): Promise<FastifyReply> {
  const { request, reply, faults, profile } = exchange;
  if (faults.down === "refused") return cut(reply);
  if (faults.down === "unavailable") return write(reply, apiError(503, "Service Unavailable"));
  const incoming = toIncoming(request);
  const acting = faults.take(incoming.method, incoming.path);
  const of = (kind: Fault["kind"]): Fault | undefined => acting.find((fault) => fault.kind === kind);
  await wait(of("delay")?.ms ?? 0);
  const failure = of("fail");
  if (failure) return write(reply, apiError(failure.status ?? 500, "System error occurred"));
  const answer = await door(incoming);
  if (of("lose-answer")) return cut(reply);
  return write(reply, withHeaders(profile.finish(answer), incoming, profile));
}

function toIncoming(request: FastifyRequest): Incoming {
  const [path = "", query = ""] = request.raw.url?.split(/\?(.*)/su, 2) ?? [];
  const headers = Object.entries(request.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(", ") : value,
  ]);
  const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  return { method: request.method, path, query: new URLSearchParams(query), headers: Object.fromEntries(headers), raw };
}

/** From 7.0.4 on the origin is reflected without `Vary`; preflights stay refused all the same. */
function withHeaders(answer: Answer, { path, headers }: Incoming, { allowOrigin }: Profile): Answer {
  const origin = allowOrigin === "any" ? "*" : headers["origin"];
  const cookie = "apiOpenEMR=sandbox; path=/apis/; secure; HttpOnly; SameSite=Strict";
  return {
    ...answer,
    headers: {
      "cache-control": "max-age=0, private, must-revalidate, no-cache, private",
      ...(origin !== undefined && { "access-control-allow-origin": origin }),
      ...(path.startsWith("/apis/") && { "set-cookie": cookie }),
      ...answer.headers,
    },
  };
}

function write(reply: FastifyReply, { status, headers, body }: Answer): FastifyReply {
  return reply.code(status).headers(headers).send(body);
}

function cut(reply: FastifyReply): FastifyReply {
  reply.hijack();
  reply.raw.destroy();
  return reply;
}
