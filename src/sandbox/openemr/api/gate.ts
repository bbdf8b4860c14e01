/**
 * The way into the API, in OpenEMR's order: preflight (refused), token, `api:oemr`, sign-in, route, scope, role. Each refusal
 * has the status and the words that were recorded.
 */
import { apiError, routeNotFound, siteError } from "#sandbox/openemr/answer.ts";
import type { Answer } from "#sandbox/openemr/answer.ts";
import { jsonFields } from "#sandbox/openemr/incoming.ts";
import type { Incoming } from "#sandbox/openemr/incoming.ts";
import { findUser } from "#sandbox/openemr/oauth/oauth-request.ts";
import { smartConfiguration } from "#sandbox/openemr/oauth/discovery.ts";
import { permits } from "#sandbox/openemr/oauth/scopes.ts";
import type { Permission } from "#sandbox/openemr/oauth/scopes.ts";
import { verify } from "#sandbox/openemr/oauth/signing-key.ts";
import type { TokenRow } from "#sandbox/openemr/rows.ts";
import type { Site } from "#sandbox/openemr/site.ts";
import { capabilityStatement } from "#sandbox/openemr/fhir/capability.ts";
import { mayUse } from "./api-request.ts";
import type { ApiRequest, Route } from "./api-request.ts";
import { openRoutes } from "./lists.ts";
import { matchPath, routes } from "./routes.ts";

export type Api = (request: Incoming) => Promise<Answer>;

const denied = "The resource owner or authorization server denied the request.";

export function createApi(site: Site): Api {
  return async (request) => {
    const path = /^\/apis\/default(\/.*)$/u.exec(request.path)?.[1];
    if (path === undefined) return siteError;
    if (request.method === "OPTIONS") return routeNotFound;
    const open = answerOpen(site, request.method, path);
    if (open) return open;
    const token = await findToken(site, request);
    if ("status" in token) return token;
    const refusal = refuseToken(site, token, path);
    return refusal ?? answerRoute({ site, request, token, path });
  };
}

/** What needs no sign-in. */
function answerOpen(site: Site, method: string, path: string): Answer | undefined {
  if (method !== "GET") return undefined;
  if (path === "/fhir/metadata") return capabilityStatement(site);
  if (path === "/fhir/.well-known/smart-configuration") return smartConfiguration(site);
  return openRoutes[path]?.(site);
}

async function findToken(site: Site, request: Incoming): Promise<TokenRow | Answer> {
  const bearer = /^Bearer (.+)$/u.exec(request.headers["authorization"] ?? "")?.[1];
  const claims = bearer === undefined ? undefined : await verify(site.key, bearer, site.clock.now());
  const token = site.chart.tokens.find((row) => row.kind === "access" && row.jti === claims?.jti);
  return token ?? apiError(401, denied);
}

function refuseToken(site: Site, token: TokenRow, path: string): Answer | undefined {
  if (token.revoked) return apiError(401, denied, 9);
  if (token.expiredByHand)
    return apiError(401, "OpenEMR Error: API call failed due to invalid token or expired token.");
  const signedIn = site.chart.logins.find((row) => row.clientId === token.clientId && row.userUuid === token.userUuid);
  if (!signedIn) return apiError(400, "Refresh Token revoked or logged out");
  if (path.startsWith("/api/") && !token.scopes.includes("api:oemr")) {
    return apiError(403, "OpenEMR Error: API call failed due to insufficient permissions for the requested resource.");
  }
  return undefined;
}

type Admitted = { site: Site; request: Incoming; token: TokenRow; path: string };

async function answerRoute({ site, request, token, path }: Admitted): Promise<Answer> {
  const found = findRoute(request.method, path);
  const user = findUser(site, token.userUuid);
  if (!found || !user) return routeNotFound;
  const { route, parameters } = found;
  const { resource, permission } = neededScope(route);
  if (!permits(token.scopes, resource, permission)) return apiError(401, "Unauthorized");
  const apiRequest: ApiRequest = {
    ...request,
    site,
    user,
    fields: jsonFields(request),
    parameter: (name) => parameters[name] ?? "",
  };
  const access = typeof route.access === "function" ? route.access(apiRequest) : route.access;
  if (!mayUse(site.profile, user.role, access))
    return apiError(403, "Organization policy does not have permit access resource");
  return route.run(apiRequest);
}

function findRoute(method: string, path: string): { route: Route; parameters: Record<string, string> } | undefined {
  for (const route of routes) {
    const parameters = route.method === method ? matchPath(route.path, path) : undefined;
    if (parameters) return { route, parameters };
  }
  return undefined;
}

/** The last fixed part of an `/api` path, the second of a `/fhir` path; the letter by method and by a trailing id. */
export function neededScope({ method, path }: Route): { resource: string; permission: Permission } {
  const parts = path.split("/").slice(2);
  const isFhir = path.startsWith("/fhir/");
  const resource = isFhir ? parts[0] : parts.findLast((part) => !part.startsWith(":"));
  if (path.endsWith("/_search")) return { resource: resource ?? "", permission: "s" };
  const letters = { POST: "c", PUT: "u", DELETE: "d", GET: parts.at(-1)?.startsWith(":") ? "r" : "s" } as const;
  return { resource: resource ?? "", permission: letters[method] };
}
