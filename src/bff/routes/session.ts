/** Who am I? Asked by the page on its own, so it is no activity. */
import type { FastifyPluginAsync } from "fastify";
import type { FullAuth } from "#bff/auth/auth.ts";
import { problem } from "#model/problem.ts";
import type { SessionView } from "#protocol/bff.ts";

export function sessionRoutes({ auth }: { auth: Pick<FullAuth, "current"> }): FastifyPluginAsync {
  return async (app) => {
    app.get("/api/session", async (request): Promise<SessionView> => {
      const session = await auth.current(request);
      if (session === undefined) throw problem("signed_out");
      return { user: session.user, absoluteExpiry: new Date(session.expiresAt).toISOString() };
    });
  };
}
