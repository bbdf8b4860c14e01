/**
 * What is refused before any route runs. Node accepts two Host headers and an absolute-form URI, so those are
 * checked on the raw request (too many headers it answers with 431 by itself); changes must come from our own pages (design/backend.md, Sign-in and
 * HTTP hardening).
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { problem } from "#model/problem.ts";
import { securityHeaders } from "./security-headers.ts";

/** Asked by machines under the server's own address, hold nothing and change nothing. */
const anyHost = new Set(["/healthz", "/readyz"]);

export function guardRequests(app: FastifyInstance, origin: string): void {
  const headers = securityHeaders(origin);
  app.server.maxHeadersCount = 100;
  app.addHook("onRequest", async (request, reply) => {
    void reply.headers(headers);
    refuseOtherForms(request);
    if (!anyHost.has(request.url)) refuseOtherHosts(request, new URL(origin).host);
    if (isOurs(request)) refuseOtherSites(request, origin);
  });
}

function refuseOtherForms({ raw }: FastifyRequest): void {
  if (!raw.url?.startsWith("/")) throw problem("invalid_request", { field: "target" });
}

function refuseOtherHosts({ raw }: FastifyRequest, host: string): void {
  const hosts = raw.rawHeaders.filter((_, index) => index % 2 === 1 && isHost(raw.rawHeaders[index - 1]));
  if (hosts.length !== 1 || hosts[0]?.toLowerCase() !== host) throw problem("invalid_request", { field: "host" });
}

function isHost(name: string | undefined): boolean {
  return name?.toLowerCase() === "host";
}

/** Pages and their files may be linked to from anywhere; webhooks prove themselves by signature. */
function isOurs(request: FastifyRequest): boolean {
  return request.url.startsWith("/api/") || request.url.startsWith("/auth/");
}

/**
 * `x-bff` cannot be sent across sites without a preflight, which nobody answers; `Sec-Fetch-Site` and `Origin` say where the
 * page is from. A change needs both proofs.
 */
function refuseOtherSites({ method, headers }: FastifyRequest, origin: string): void {
  const site = headers["sec-fetch-site"];
  const changes = !["GET", "HEAD"].includes(method);
  if (site === "cross-site" || site === "same-site") throw problem("forbidden", { field: "sec-fetch-site" });
  if (!changes) return;
  if (headers["x-bff"] !== "1") throw problem("forbidden", { field: "x-bff" });
  if (headers.origin !== undefined && headers.origin !== origin) throw problem("forbidden", { field: "origin" });
  if (site !== "same-origin" && headers.origin === undefined) throw problem("forbidden", { field: "origin" });
}
