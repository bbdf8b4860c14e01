/** The OAuth server under `/oauth2/default`: one table of routes, and the browser's cookie. Unknown paths are 404 without a body. */
import { randomBytes } from "node:crypto";
import type { Answer } from "#sandbox/openemr/answer.ts";
import type { Incoming } from "#sandbox/openemr/incoming.ts";
import type { Site } from "#sandbox/openemr/site.ts";
import { authorize, showConsent, showLogin, submitConsent, submitLogin } from "./authorize.ts";
import { jwk, openidConfiguration } from "./discovery.ts";
import { introspect } from "./introspect.ts";
import { logout } from "./logout.ts";
import type { Browsing, OAuthRequest } from "./oauth-request.ts";
import { readRegistration, register } from "./registration.ts";
import { token } from "./token.ts";

type Route = (request: OAuthRequest) => Answer | Promise<Answer>;

const routes: Record<string, Route> = {
  "GET /.well-known/openid-configuration": ({ site }) => openidConfiguration(site),
  "GET /jwk": ({ site }) => jwk(site),
  "GET /authorize": authorize,
  "POST /authorize": authorize,
  "GET /provider/login": showLogin,
  "POST /login": submitLogin,
  "GET /scope-authorize-confirm": showConsent,
  "POST /scope-authorize-confirm": showConsent,
  "POST /device/code": submitConsent,
  "GET /token": token,
  "POST /token": token,
  "OPTIONS /token": ({ site }) => site.profile.oauth.preflightToken,
  "POST /introspect": introspect,
  "GET /logout": logout,
  "POST /logout": logout,
  "GET /registration": register,
  "POST /registration": register,
  "OPTIONS /registration": register,
};

export type OAuthServer = (request: Incoming) => Promise<Answer>;

const cookieName = "authserverOpenEMR";

export function createOAuthServer(site: Site): OAuthServer {
  const browsers = new Map<string, Browsing>();
  return async (request) => {
    const path = /^\/oauth2\/default(\/.*)$/u.exec(request.path)?.[1];
    if (path === undefined) return site.profile.unknownSite.oauth;
    if (/^\/client\/[\w-]+$/u.test(path)) return readRegistration(site);
    const route = routes[`${request.method} ${path}`];
    const { cookie, browsing } = recognise(browsers, request);
    const answer = route === undefined ? site.profile.oauth.unknownPath : await route({ ...request, site, browsing });
    return { ...answer, headers: { ...answer.headers, ...cookie } };
  };
}

/** The browser's sign-in in progress; a browser without one gets a cookie, which is `Secure` even on plain http. */
function recognise(
  browsers: Map<string, Browsing>,
  request: Incoming,
): { browsing: Browsing; cookie: Record<string, string> } {
  const id = new RegExp(`${cookieName}=(\\w+)`, "u").exec(request.headers["cookie"] ?? "")?.[1] ?? "";
  const known = browsers.get(id);
  if (known) return { browsing: known, cookie: {} };
  const browsing = { csrf: randomBytes(20).toString("hex") };
  const fresh = randomBytes(16).toString("hex");
  if (request.path.endsWith("/authorize")) browsers.set(fresh, browsing);
  return {
    browsing,
    cookie: { "set-cookie": `${cookieName}=${fresh}; path=/oauth2/; secure; HttpOnly; SameSite=None` },
  };
}
