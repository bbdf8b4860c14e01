/** Signs in as a browser without scripts would: pages, cookie, hidden fields, forms; for tests that need a token. */
import { createHash, randomBytes } from "node:crypto";

export type Visit = {
  url: string;
  username: string;
  password: string;
  clientId: string;
  clientSecret: string;
  redirectUri: string;
  scopes: readonly string[];
  nonce?: string;
  /** False: no PKCE. */
  challenge?: boolean;
  /** S256 when absent. */
  challengeMethod?: "S256" | "plain";
  /** Permissions taken away on the consent page. */
  untick?: readonly string[];
};
export type SignedIn = { code: string; state: string; verifier: string };
export type Tokens = {
  access_token: string;
  refresh_token?: string;
  id_token?: string;
  scope: string;
  expires_in: number;
};

/** Through both pages to the code. */
export async function signIn(visit: Visit): Promise<SignedIn> {
  const verifier = randomBytes(32).toString("base64url");
  const callback = await throughPages(visit, await startRequest(visit, verifier));
  return { code: callback.get("code") ?? "", state: callback.get("state") ?? "", verifier };
}

/** From the sign-in page on, where this cookie's browser stands; the query of the return. */
async function throughPages(
  visit: Pick<Visit, "url" | "username" | "password" | "untick">,
  cookie: string,
): Promise<URLSearchParams> {
  const login = await send(`${visit.url}/oauth2/default/login`, cookie, {
    ...(await hiddenFields(`${visit.url}/oauth2/default/provider/login`, cookie)),
    username: visit.username,
    password: visit.password,
    user_role: "api",
  });
  if (![302, 307].includes(login.status)) throw new Error(`login answered ${login.status}`);
  const fields = await hiddenFields(`${visit.url}/oauth2/default/scope-authorize-confirm`, cookie);
  for (const scope of visit.untick ?? []) delete fields[`scope[${scope}]`];
  const consent = await send(`${visit.url}/oauth2/default/device/code`, cookie, { ...fields, proceed: "1" });
  return new URL(consent.headers.get("location") ?? "about:blank").searchParams;
}

/** The same for a request that somebody else began. */
export async function signInFrom(
  authorizeUrl: string,
  account: { username: string; password: string },
): Promise<URLSearchParams> {
  const answer = await fetch(authorizeUrl, { redirect: "manual" });
  const cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? "";
  return throughPages({ ...account, url: new URL(authorizeUrl).origin }, cookie);
}

/** The cookie of a browser that stands before the sign-in page. */
export async function startRequest(visit: Visit, verifier: string): Promise<string> {
  const query = new URLSearchParams({
    response_type: "code",
    client_id: visit.clientId,
    redirect_uri: visit.redirectUri,
    scope: visit.scopes.join(" "),
    state: "state-of-the-visit",
    ...(visit.nonce !== undefined && { nonce: visit.nonce }),
    ...(visit.challenge !== false && challengeFields(visit, verifier)),
  });
  const answer = await fetch(`${visit.url}/oauth2/default/authorize?${query.toString()}`, { redirect: "manual" });
  return answer.headers.get("set-cookie")?.split(";")[0] ?? "";
}

function challengeFields({ challengeMethod = "S256" }: Visit, verifier: string): Record<string, string> {
  const challenge = challengeMethod === "plain" ? verifier : challengeOf(verifier);
  return { code_challenge: challenge, code_challenge_method: challengeMethod };
}

export function challengeOf(verifier: string): string {
  return createHash("sha256").update(verifier).digest("base64url");
}

export function exchange(visit: Visit, { code, verifier }: SignedIn): Promise<Response> {
  return postToken(visit, {
    grant_type: "authorization_code",
    code,
    redirect_uri: visit.redirectUri,
    ...(visit.challenge !== false && { code_verifier: verifier }),
  });
}

export function refresh(visit: Visit, refreshToken: string, scope?: string): Promise<Response> {
  return postToken(visit, {
    grant_type: "refresh_token",
    refresh_token: refreshToken,
    ...(scope !== undefined && { scope }),
  });
}

/** Signed in, with tokens. */
export async function tokensFor(visit: Visit): Promise<Tokens> {
  const answer = await exchange(visit, await signIn(visit));
  return (await answer.json()) as Tokens;
}

function postToken({ url, clientId, clientSecret }: Visit, fields: Record<string, string>): Promise<Response> {
  const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...fields });
  return fetch(`${url}/oauth2/default/token`, { method: "POST", body });
}

function send(url: string, cookie: string, fields: Record<string, string>): Promise<Response> {
  return fetch(url, { method: "POST", headers: { cookie }, body: new URLSearchParams(fields), redirect: "manual" });
}

/** What the form of a page would send: hidden fields and ticked boxes. */
async function hiddenFields(url: string, cookie: string): Promise<Record<string, string>> {
  const html = await (await fetch(url, { headers: { cookie } })).text();
  const inputs = html.matchAll(/<input type="(?:hidden|checkbox)" name="([^"]+)" value="([^"]*)"/gu);
  return Object.fromEntries([...inputs].map(([, name = "", value = ""]) => [name, value]));
}
