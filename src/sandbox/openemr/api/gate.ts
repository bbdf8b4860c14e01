/**
 * The way into the API, in OpenEMR's order: preflight (refused), token, `api:oemr`, sign-in, route, scope, role. Each refusal
 * has the status and the words that were recorded.
 */
import type { Answer } from "#sandbox/openemr/answer.ts";
import { jsonFields } from "#sandbox/openemr/incoming.ts";
import type { Incoming } from "#sandbox/openemr/incoming.ts";
import { findUser } from "#sandbox/openemr/oauth/oauth-request.ts";
import { smartConfiguration } from "#sandbox/openemr/oauth/discovery.ts";
import { permits } from "#sandbox/openemr/oauth/scopes.ts";
import type { Permission } from "#sandbox/openemr/oauth/scopes.ts";
import { verify } from "#sandbox/openemr/oauth/signing-key.ts";
import { systemUser } from "#sandbox/openemr/rows.ts";
import type { TokenRow } from "#sandbox/openemr/rows.ts";
import type { Refusal } from "#sandbox/openemr/profiles/profile.ts";
import type { Site } from "#sandbox/openemr/site.ts";
import { capabilityStatement } from "#sandbox/openemr/fhir/capability.ts";
import { mayUse } from "./api-request.ts";
import type { ApiRequest, Route } from "./api-request.ts";
import { openRoutes } from "./lists.ts";
import { matchPath, routes } from "./routes.ts";

export type Api = (request: Incoming) => Promise<Answer>;

export function createApi(site: Site): Api {
  return async (request) => {
    const path = /^\/apis\/default(\/.*)$/u.exec(request.path)?.[1];
    if (path === undefined) return site.profile.unknownSite.api;
    const refuse = refuser(site, request, path);
    if (request.method === "OPTIONS") return site.profile.preflight ?? refuse("no-route");
    const open = answerOpen(site, request, path);
    if (open) return open;
    const token = await findToken(site, request);
    if (!token) return refuse("bad-token");
    const why = whyNot(site, token, path);
    return why ? refuse(why) : answerRoute({ site, request, token, path, refuse });
  };
}

type Refuse = (why: Refusal) => Answer;

function refuser({ profile }: Site, { headers }: Incoming, path: string): Refuse {
  return (why) => profile.refusal(why, { path, authorization: headers["authorization"] });
}

/** What needs no sign-in. */
function answerOpen(site: Site, { method, headers }: Incoming, path: string): Answer | undefined {
  if (method !== "GET") return undefined;
  const isStranger = headers["authorization"] === undefined;
  if (path === "/api/version" && isStranger && !site.profile.versionIsOpen) return undefined;
  if (path === "/fhir/metadata") return capabilityStatement(site);
  if (path === "/fhir/.well-known/smart-configuration") return smartConfiguration(site);
  return openRoutes[path]?.(site);
}

async function findToken(site: Site, request: Incoming): Promise<TokenRow | undefined> {
  const bearer = /^Bearer (.+)$/u.exec(request.headers["authorization"] ?? "")?.[1];
  const claims = bearer === undefined ? undefined : await verify(site.key, bearer, site.clock.now());
  return site.chart.tokens.find((row) => row.kind === "access" && row.jti === claims?.jti);
}

function whyNot(site: Site, token: TokenRow, path: string): Refusal | undefined {
  if (token.revoked) return "revoked";
  if (token.expiredByHand) return "expired";
  // The role of nobody is let in to FHIR alone (`onRestApiSecurityCheck`).
  if (token.userUuid === systemUser) return path.startsWith("/fhir/") ? undefined : "without-api";
  const signedIn = site.chart.logins.find((row) => row.clientId === token.clientId && row.userUuid === token.userUuid);
  if (!signedIn) return "signed-out";
  return path.startsWith("/api/") && !token.scopes.includes("api:oemr") ? "without-api" : undefined;
}

type Admitted = { site: Site; request: Incoming; token: TokenRow; path: string; refuse: Refuse };

async function answerRoute({ site, request, token, path, refuse }: Admitted): Promise<Answer> {
  const found = findRoute(site, request.method, path);
  const user = findUser(site, token.userUuid);
  if (!found || !user) return refuse("no-route");
  const { route, parameters } = found;
  const { resource, permission } = neededScope(route);
  if (!permits(token.scopes, resource, permission)) return refuse("scope");
  const apiRequest: ApiRequest = {
    ...request,
    site,
    user,
    fields: jsonFields(request),
    parameter: (name) => parameters[name] ?? "",
  };
  const access = typeof route.access === "function" ? route.access(apiRequest) : route.access;
  if (!mayUse(site.profile, user.role, access)) return refuse("role");
  return route.run(apiRequest);
}

type Found = { route: Route; parameters: Record<string, string> };

function findRoute({ profile }: Site, method: string, path: string): Found | undefined {
  if (profile.withheld?.test(path) === true) return undefined;
  for (const route of [...profile.fhir.routes, ...routes]) {
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
