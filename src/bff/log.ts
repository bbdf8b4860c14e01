/**
 * The log: JSON lines on stderr. Only the fields of one list get through, and of an error only its type and the places in
 * our code, because messages may quote what people typed.
 */
import { pino, type DestinationStream } from "pino";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Log } from "./context.ts";

export type Fields = Record<string, string | number | boolean>;

const allowed = new Set([
  "method",
  "route",
  "status",
  "ms",
  "requestId",
  "code",
  "problem",
  "detail",
  "visit",
  "visitId",
  "followUp",
  "attempt",
  "tries",
  "sequence",
  "step",
  "state",
  "count",
  "upstream",
  "role",
  "seq",
  "hash",
  "signal",
  "error",
  "where",
  "url",
  "retryAfterMs",
]);

export type LogOptions = { level: string; destination?: DestinationStream };

export function createLog({ level, destination }: LogOptions): Log {
  const logger = pino({ level, base: null }, destination ?? pino.destination({ dest: 2, sync: true }));
  return {
    info: (fields, message) => logger.info(onlyAllowed(fields), message),
    warn: (fields, message) => logger.warn(onlyAllowed(fields), message),
    error: (fields, message) => logger.error(onlyAllowed(fields), message),
  };
}

function onlyAllowed(fields: Fields): Fields {
  const entries = Object.entries(fields);
  const kept = entries.filter(([name]) => allowed.has(name));
  const leftOut = entries.filter(([name]) => !allowed.has(name)).map(([name]) => name);
  return { ...Object.fromEntries(kept), ...(leftOut.length > 0 ? { leftOut: leftOut.join(",") } : {}) };
}

/** What may be logged about a request: its route pattern, never its URL. */
export function requestFields(request: FastifyRequest, reply: FastifyReply): Fields {
  return {
    method: request.method,
    route: request.routeOptions.url ?? "none",
    status: reply.statusCode,
    ms: Math.round(reply.elapsedTime),
    requestId: request.id,
  };
}

/** What may be logged about a thrown value: its type and the first places in the code, never its message. */
export function errorFields(thrown: unknown): Fields {
  if (!(thrown instanceof Error)) return { error: typeof thrown };
  const places = (thrown.stack ?? "").split("\n").filter((line) => /^\s+at /u.test(line));
  const where = places.slice(0, 4).map((line) => line.trim().replace(/\(?file:\/\/.*\/src\//u, "(src/"));
  return { error: thrown.name, where: where.join(" ") };
}
