/**
 * The built app. Files whose names carry a hash never change and are kept for ever; every other path that is not a file is a
 * page of the app and gets index.html, which is asked for again each time, as is the service worker: they name the version.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import compress from "@fastify/compress";
import files from "@fastify/static";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import type { Config } from "#bff/config.ts";
import { sendProblem } from "#bff/problem-answer.ts";
import { problem } from "#model/problem.ts";

const forEver = "public, max-age=31536000, immutable";
const aDay = "public, max-age=86400";
/** Kept, but never used without asking whether it is still the newest. */
const askFirst = "no-cache";

export function staticRoutes(config: Pick<Config, "CHARTSIDE_STATIC_DIR">): FastifyPluginAsync {
  const root = resolve(config.CHARTSIDE_STATIC_DIR);
  return async (app) => {
    if (!existsSync(join(root, "index.html"))) return;
    await app.register(compress, { encodings: ["br", "gzip"] });
    await app.register(files, {
      root,
      index: false,
      wildcard: false,
      cacheControl: false,
      globIgnore: ["index.html"],
      setHeaders: (reply, path) => void reply.header("cache-control", cachingOf(path)),
    });
    const page = (_request: FastifyRequest, reply: FastifyReply) =>
      reply.header("cache-control", askFirst).sendFile("index.html");
    app.get("/", page);
    app.get("/*", (request, reply) => (isPage(request.url) ? page(request, reply) : notFound(request, reply)));
  };
}

/** Vite writes the hash into the names of everything under /assets. */
function cachingOf(path: string): string {
  if (/\/(?:index\.html|sw\.js|manifest\.webmanifest)$/u.test(path)) return askFirst;
  return path.includes("/assets/") ? forEver : aDay;
}

/** A path with a dot is a file that is not there. */
function isPage(url: string): boolean {
  const path = url.split("?")[0] ?? "";
  return !/^\/(api|auth|webhooks)(\/|$)/u.test(path) && !/\.[^/]*$/u.test(path);
}

function notFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendProblem(request, reply, problem("not_found").problem);
}
