/**
 * The clinic server as one fastify instance. In: the wired parts. Out: an app that is ready to listen or to be injected.
 * Everything that must survive a crash is in the store; the app itself keeps nothing.
 */
import { randomUUID } from "node:crypto";
import cookie from "@fastify/cookie";
import { fastify, type FastifyInstance, type FastifyPluginAsync } from "fastify";
import type { Log } from "./context.ts";
import { limitBodyTime, longestBodyMs } from "./body-deadline.ts";
import { bodyLimit, limitBytesInFlight } from "./limits.ts";
import { requestFields } from "./log.ts";
import { answerProblems } from "./problem-answer.ts";
import { guardRequests } from "./security.ts";

export type AppParts = {
  /** The one origin that browsers use; requests for another host are refused. */
  origin: string;
  log: Log;
  trustedProxies?: string;
  routes: readonly FastifyPluginAsync[];
  /** How long a body may take to arrive. */
  bodyMs?: number;
};

export function createApp({ origin, log, trustedProxies = "loopback", routes, bodyMs }: AppParts): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit,
    // A whole recording may travel over a slow line; every other body has its own deadline (body-deadline.ts).
    requestTimeout: longestBodyMs,
    http: { headersTimeout: 10_000 },
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    trustProxy: trustedProxies,
  });
  guardRequests(app, origin);
  limitBytesInFlight(app);
  limitBodyTime(app, bodyMs);
  answerProblems(app, log);
  app.addHook("onResponse", async (request, reply) => log.info(requestFields(request, reply), "request"));
  void app.register(cookie);
  for (const route of routes) void app.register(route);
  return app;
}
