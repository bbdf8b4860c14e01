/**
 * How long a request's body may take to arrive. Node has one limit for a whole server; a recording in one piece needs ten minutes
 * of it, and nothing else does: a client that sends a byte now and then must not hold a connection that long.
 */
import type { FastifyInstance } from "fastify";

/** For routes that say `config: { hasLongBody: true }`. */
export const longestBodyMs = 600_000;
const usualMs = 35_000;

declare module "fastify" {
  interface FastifyContextConfig {
    hasLongBody?: boolean;
  }
}

/** Breaks the connection off when the body of a request is not whole in time. */
export function limitBodyTime(app: FastifyInstance, ms = usualMs): void {
  app.addHook("onRequest", async ({ raw, routeOptions }) => {
    if (raw.complete || routeOptions.config.hasLongBody === true) return;
    const timer = setTimeout(() => raw.complete || raw.destroy(), ms).unref();
    raw.once("close", () => clearTimeout(timer));
  });
}
