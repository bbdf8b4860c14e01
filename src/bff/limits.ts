/** How much one server carries at once: request bodies in memory stay under a cap, whoever comes later waits. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { problem } from "#model/problem.ts";

/** The largest body of a request, a chunk of audio included. */
export const bodyLimit = 1024 * 1024;
const bytesInFlightLimit = 256 * 1024 * 1024;

/** Answers `rate_limited` with a second's patience instead of taking more than `limit` bytes of bodies at once. */
export function limitBytesInFlight(app: FastifyInstance, limit: number = bytesInFlightLimit): void {
  const held = new WeakMap<FastifyRequest, number>();
  let inFlight = 0;
  const release = (request: FastifyRequest): void => {
    inFlight -= held.get(request) ?? 0;
    held.delete(request);
  };
  app.addHook("onRequest", async (request) => {
    const size = announcedBytes(request);
    if (inFlight + size > limit) throw problem("rate_limited", { retryAfterMs: 1000 });
    inFlight += size;
    held.set(request, size);
  });
  app.addHook("onResponse", async (request) => release(request));
  app.addHook("onRequestAbort", async (request) => release(request));
}

/** Without a Content-Length a body may grow up to the limit for bodies. */
function announcedBytes({ method, headers }: FastifyRequest): number {
  if (method === "GET" || method === "HEAD") return 0;
  const announced = Number(headers["content-length"] ?? bodyLimit);
  return Math.min(Number.isFinite(announced) ? announced : bodyLimit, bodyLimit);
}
