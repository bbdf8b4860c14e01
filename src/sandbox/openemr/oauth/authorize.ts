/**
 * `/authorize`, sign-in and consent. In: an authorization request in a browser. Out: a redirect with a code that lives 60 s.
 * There is no single sign-on and no `prompt=none`: every request shows both pages.
 */
import { randomBytes } from "node:crypto";
import { form, last } from "#sandbox/openemr/incoming.ts";
import {
  empty,
  invalidClient,
  invalidRequest,
  invalidScopeText,
  page,
  redirect,
  unsupportedGrant,
} from "#sandbox/openemr/answer.ts";
import type { Answer } from "#sandbox/openemr/answer.ts";
import type { LaunchContext } from "#sandbox/openemr/rows.ts";
import { findClient, findUser } from "./oauth-request.ts";
import type { Browsing, OAuthRequest } from "./oauth-request.ts";
import { consentPage, loginPage, startAgainPage } from "./pages.ts";
import { readLaunch } from "./launch.ts";
import { isSupported, offeredScopes } from "./scopes.ts";

const codeLifeMs = 60_000;
/** As long as the real one: query strings must survive it. */
const codeBytes = 930;

export function authorize(request: OAuthRequest): Answer {
  const { site, query, browsing } = request;
  const client = findClient(site, last(query, "client_id"));
  const redirectUri = last(query, "redirect_uri") ?? "";
  if (last(query, "response_type") !== "code") return unsupportedGrant;
  if (!client?.redirectUris.includes(redirectUri)) return invalidClient;
  const refusal = refusePkceOrAudience(request, client.confidential) ?? refuseLaunch(request);
  if (refusal) return refusal;
  const scopes = scopesIn(last(query, "scope"));
  const unknown = scopes.find((scope) => !isSupported(scope, site.profile));
  if (unknown !== undefined) return redirect(302, scopeRefusal(redirectUri, unknown));
  browsing.request = {
    clientId: client.clientId,
    redirectUri,
    scopes,
    state: last(query, "state"),
    codeChallenge: last(query, "code_challenge") ?? null,
    isPlainChallenge: isPlain(query),
    nonce: last(query, "nonce") ?? null,
    ...launchedIn(request),
  };
  delete browsing.userUuid;
  return redirect(site.profile.oauth.authorizeStatus, "/oauth2/default/provider/login");
}

function scopesIn(text = ""): string[] {
  return text.split(" ").filter((scope) => scope !== "");
}

function refusePkceOrAudience({ site, query }: OAuthRequest, confidential: boolean): Answer | undefined {
  const challenge = last(query, "code_challenge");
  if (challenge === undefined && !confidential)
    return invalidRequest("Code challenge must be provided for public clients");
  if (challenge !== undefined && isPlain(query) && !site.profile.oauth.plainPkce) {
    return invalidRequest("Code challenge method must be one of `S256`");
  }
  const audience = last(query, "aud");
  // `aud` may be left out, but not beside a launch (facts 2.5).
  const isWanted = audience !== undefined || query.has("launch");
  const audiences = ["fhir", "api", "portal"].map((api) => `${site.origin}/apis/default/${api}`);
  if (isWanted && !audiences.includes(audience ?? "")) {
    return invalidRequest("Aud parameter did not match authorized server");
  }
  return undefined;
}

/** How OpenEMR refuses one that is not its own was not recorded. */
function refuseLaunch(request: OAuthRequest): Answer | undefined {
  const isUnreadable = request.query.has("launch") && launchedIn(request).launched === undefined;
  return isUnreadable ? invalidRequest("Check the `launch` parameter") : undefined;
}

function launchedIn({ site, query }: OAuthRequest): { launched?: LaunchContext } {
  const launched = readLaunch(site, last(query, "launch") ?? "");
  return launched === undefined ? {} : { launched };
}

/** RFC 7636 4.3: without a method it is plain. */
function isPlain(query: URLSearchParams): boolean {
  return (last(query, "code_challenge_method") ?? "plain") !== "S256";
}

/** As recorded: without the state. */
function scopeRefusal(redirectUri: string, scope: string): string {
  const text = new URLSearchParams({
    error: "invalid_scope",
    error_description: invalidScopeText,
    hint: `Check the \`${scope}\` scope`,
    message: invalidScopeText,
  });
  return `${redirectUri}?${text.toString()}`;
}

export function showLogin(request: OAuthRequest): Answer {
  if (!request.browsing.request) return page(startAgainPage(), 400);
  return page(loginPage(loginView(request)));
}

function loginView({ site, browsing }: OAuthRequest) {
  return { title: site.profile.title, csrf: browsing.csrf, accounts: site.demoAccounts };
}

/** A right password is answered with 307, so the browser posts it once more, to the consent page. A wrong one may be tried again. */
export function submitLogin(request: OAuthRequest): Answer {
  const { site, browsing } = request;
  if (!browsing.request) return page(startAgainPage(), 400);
  const fields = form(request);
  const username = fields.get("username") ?? "";
  const user = site.chart.users.find((row) => row.username === username && row.active);
  const right = fields.get("csrf_token_form") === browsing.csrf && user?.password === fields.get("password");
  if (!user || !right) {
    const problem = username === "" ? undefined : "Sign In Failed: the user name or the password is wrong.";
    return page(loginPage({ ...loginView(request), username, ...(problem && { problem }) }));
  }
  browsing.userUuid = user.uuid;
  return redirect(site.profile.oauth.nextStatus, `${site.origin}/oauth2/default/scope-authorize-confirm`);
}

export function showConsent({ site, browsing }: OAuthRequest): Answer {
  const client = findClient(site, browsing.request?.clientId);
  const user = findUser(site, browsing.userUuid);
  if (!browsing.request || !client || !user) return page(startAgainPage(), 400);
  const offered = offeredScopes(browsing.request.scopes);
  return page(consentPage({ csrf: browsing.csrf, clientName: client.name, username: user.username, offered }));
}

/** Grants what the form still holds. `deny` is the sandbox's own: how OpenEMR answers a refusal was not recorded. */
export function submitConsent(request: OAuthRequest): Answer {
  const { browsing } = request;
  const fields = form(request);
  const asked = browsing.request;
  if (!asked || browsing.userUuid === undefined) return page(startAgainPage(), 400);
  if (fields.get("csrf_token_form") !== browsing.csrf) return empty(401);
  if (fields.has("deny")) return redirect(302, `${asked.redirectUri}?${denial(asked.state).toString()}`);
  const code = grant(request, { asked, userUuid: browsing.userUuid, granted: grantedScopes(fields, asked.scopes) });
  const parameters = new URLSearchParams({ code, ...(asked.state !== undefined && { state: asked.state }) });
  delete browsing.request;
  delete browsing.userUuid;
  return redirect(302, `${asked.redirectUri}?${parameters.toString()}`);
}

function grantedScopes(fields: URLSearchParams, requested: readonly string[]): string[] {
  const offered = offeredScopes(requested);
  const allowed = new Set([...offered.plain, ...offered.resources, ...requested]);
  const posted = [...fields].flatMap(([name, value]) => (/^scope\[.*\]$/u.test(name) ? [value] : []));
  return [...new Set(posted)].filter((scope) => allowed.has(scope));
}

type Grant = { asked: NonNullable<Browsing["request"]>; userUuid: string; granted: string[] };

/** Replaces this user's sign-in with this client: an older code that was not exchanged yet is lost. */
function grant({ site }: OAuthRequest, { asked, userUuid, granted }: Grant): string {
  const code = `def502${randomBytes(codeBytes).toString("hex")}`;
  const { clientId, redirectUri, codeChallenge, isPlainChallenge, nonce, launched } = asked;
  // OpenEMR puts the nonce among the scopes; in 8.x a refresh that does not repeat its scopes fails on it.
  const scopes = nonce === null ? granted : [...granted, "nonce"];
  const login = {
    clientId,
    userUuid,
    code,
    codeExpiresAtMs: site.clock.now() + codeLifeMs,
    redirectUri,
    scopes,
    codeChallenge,
    isPlainChallenge,
    nonce,
    ...(launched && { launched }),
  };
  const { logins } = site.chart;
  const before = logins.find((row) => row.clientId === clientId && row.userUuid === userUuid);
  if (before) logins.put({ ...login, id: before.id });
  else logins.add(login);
  return code;
}

function denial(state: string | undefined): URLSearchParams {
  const description = "The resource owner or authorization server denied the request.";
  return new URLSearchParams({
    ...(state !== undefined && { state }),
    error: "access_denied",
    error_description: description,
    hint: "The user denied the request",
    message: description,
  });
}
