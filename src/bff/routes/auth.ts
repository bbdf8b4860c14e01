/** Sign-in and sign-out over HTTP. */
import type { FastifyPluginAsync } from "fastify";
import type { FullAuth } from "#bff/auth/auth.ts";
import { parseBody } from "#bff/visits/request-parts.ts";
import type { AuthToken } from "#protocol/bff.ts";
import { AuthBeginAsked, type AuthBegin } from "#protocol/bff-launch.ts";
import type { z } from "zod";

export function authRoutes({ auth }: { auth: Pick<FullAuth, "signIn"> }): FastifyPluginAsync {
  return async (app) => {
    app.addContentTypeParser(
      "application/x-www-form-urlencoded",
      { parseAs: "string", bodyLimit: 16_384 },
      (_request, body, done) => done(null, body),
    );
    app.post("/auth/begin", async (request, reply): Promise<AuthBegin> => {
      const { launch } = parseBody(AuthBeginAsked, request.body ?? {});
      return auth.signIn.begin(reply, launch);
    });
    app.post("/auth/token", async (request, reply): Promise<z.infer<typeof AuthToken>> => {
      const { lifetimeMs } = await auth.signIn.finish(request, reply);
      return { access_token: "held", token_type: "Bearer", scope: "chartside", expires_in: lifetimeMs / 1000 };
    });
    app.post("/auth/logout", async (request, reply) => {
      await auth.signIn.signOut(request, reply);
      return reply.code(204).send();
    });
  };
}
