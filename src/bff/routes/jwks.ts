/** The public half of the key by which this server proves itself to OpenEMR (RFC 7517). Not there where that is switched off. */
import type { FastifyPluginAsync } from "fastify";
import type { ClientKeys } from "#bff/auth/client-keys.ts";
import { problem } from "#model/problem.ts";

export function jwksRoutes({ clientKeys }: { clientKeys: ClientKeys | undefined }): FastifyPluginAsync {
  return async (app) => {
    app.get("/.well-known/jwks.json", async () => {
      if (clientKeys === undefined) throw problem("not_found");
      return clientKeys.jwks;
    });
  };
}
