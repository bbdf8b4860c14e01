/** The stream of live status. Opening it is written to the audit, because what it carries names patients. */
import type { FastifyPluginAsync, FastifyRequest } from "fastify";
import type { FullAuth } from "#bff/auth/auth.ts";
import type { Audit, Principal } from "#bff/context.ts";
import type { Audience } from "#bff/event-log.ts";
import { createEventStream } from "#bff/event-stream.ts";
import type { LiveEvents } from "#bff/events.ts";
import type { Store } from "#bff/store/store.ts";

export type EventRouteParts = {
  auth: Pick<FullAuth, "require" | "isLive">;
  audit: Audit;
  store: Store;
  events: LiveEvents;
};

export function eventRoutes({ auth, audit, store, events }: EventRouteParts): FastifyPluginAsync {
  return async (app) => {
    app.addHook("preClose", () => events.stop());
    app.get("/api/events", { config: { passive: true } }, async (request, reply) => {
      const principal = await auth.require(request, ["clinician", "front_desk", "administrator"]);
      const entry = audit.entry(principal, request, { action: "R", object: "events" });
      await store.transact({ statements: [], audit: [entry] });
      reply.hijack();
      for (const [name, value] of Object.entries(reply.getHeaders())) {
        if (value !== undefined) reply.raw.setHeader(name, value);
      }
      reply.raw.writeHead(200, { "content-type": "text/event-stream", "x-accel-buffering": "no" });
      const { sessionHash } = principal;
      const stream = createEventStream(reply.raw, {
        sessionHash,
        audiences: audiencesOf(principal),
        isLive: () => auth.isLive(sessionHash),
      });
      await events.listen(stream, lastSeqOf(request));
    });
  };
}

function audiencesOf({ user }: Principal): Audience[] {
  return [user.role === "clinician" ? `clinician:${user.id}` : "desk", "all"];
}

function lastSeqOf({ headers }: FastifyRequest): number | undefined {
  const id = headers["last-event-id"];
  return typeof id === "string" && /^\d{1,15}$/u.test(id) ? Number(id) : undefined;
}
