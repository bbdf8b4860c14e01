/** For whoever runs the server: alive, and ready to take requests. An upstream outage is neither. */
import type { FastifyPluginAsync } from "fastify";
import type { Readiness } from "#bff/readiness.ts";

export function healthRoutes({ readiness }: { readiness: Pick<Readiness, "ask"> }): FastifyPluginAsync {
  return async (app) => {
    app.get("/healthz", async () => ({ alive: true }));
    app.get("/readyz", async (_request, reply) => {
      const ready = await readiness.ask();
      return reply.code(ready ? 200 : 503).send({ ready });
    });
  };
}
