/**
 * A small OpenID provider for tests, with a switch for every way in which one can lie. It answers through the `Send` port;
 * codes work again until they expire and refresh tokens rotate, as OpenEMR's do (facts/openemr-live.md 1, rows 1 and 3).
 */
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey, type JWTPayload } from "jose";
import type { Clock } from "#model/clock.ts";
import { problem } from "#model/problem.ts";
import type { Send, SendAnswer, SendRequest } from "#openemr/send.ts";

export type FakeUser = { sub: string; kind: "admin" | "doctor" | "front" | "front on 7.0.0"; name?: string };
export type FakeOptions = { issuer: string; clientId: string; clientSecret: string; clock: Clock };

/** What a test may change while it runs. */
type Switches = {
  /** Claims put over the true ones of every id_token. */
  idToken: Record<string, unknown>;
  signature: "true" | "other key" | "none" | "HS256";
  scopes: string[];
  /** Beside the tokens of a sign-in: whose page opened us. */
  context: { patient?: string; encounter?: string; fhirContext?: unknown };
  /** Nobody answers. */
  down: boolean;
  /** The API answers 500; tokens are still given. */
  apiFails: boolean;
  /** Each refresh waits for it, after its token was used up. */
  beforeRefresh: () => Promise<void>;
  /** 7.0.0: a refresh that names scopes is refused. */
  refreshWithoutScope: boolean;
};

type State = Switches & {
  options: FakeOptions;
  key: Keys;
  otherKey: Keys;
  codes: Map<string, { user: FakeUser; nonce: string }>;
  /** By access or refresh token. */
  users: Map<string, FakeUser>;
  refreshTokens: Set<string>;
  asked: SendRequest[];
};
type Keys = { publicKey: CryptoKey; privateKey: CryptoKey };

export type FakeOpenEmr = State & {
  send: Send;
  /** What the sign-in page would give the browser for this user and nonce. */
  code(user: FakeUser, nonce: string): string;
  rotateKey(): Promise<void>;
};

const accessSeconds = 3600;

export async function createFakeOpenEmr(options: FakeOptions): Promise<FakeOpenEmr> {
  const fake: FakeOpenEmr = {
    idToken: {},
    signature: "true",
    scopes: ["openid", "offline_access", "api:oemr", "user/encounter.read"],
    context: {},
    down: false,
    apiFails: false,
    beforeRefresh: async () => undefined,
    refreshWithoutScope: false,
    options,
    key: await newKeys(),
    otherKey: await newKeys(),
    codes: new Map(),
    users: new Map(),
    refreshTokens: new Set(),
    asked: [],
    rotateKey: async () => {
      fake.key = await newKeys();
    },
    code: (user, nonce) => {
      const code = `code-${fake.codes.size}`;
      fake.codes.set(code, { user, nonce });
      return code;
    },
    send: (request) => answer(fake, request),
  };
  return fake;
}

async function answer(fake: State, request: SendRequest): Promise<SendAnswer> {
  // Public, and asked before every sign-in: no test counts it.
  if (request.url.endsWith("/openid-configuration")) return json(200, { scopes_supported: [] });
  fake.asked.push(request);
  if (fake.down) throw problem("openemr_down");
  if (request.url.endsWith("/token")) return token(fake, new URLSearchParams(request.body));
  if (request.url.endsWith("/jwk")) return json(200, { keys: [await exportJWK(fake.key.publicKey)] });
  if (request.url.includes("/logout?")) return { status: 307, headers: {}, body: "" };
  return fake.apiFails ? json(500, {}) : api(fake, request);
}

async function token(fake: State, form: URLSearchParams): Promise<SendAnswer> {
  if (form.get("client_secret") !== fake.options.clientSecret) return json(401, { error: "invalid_client" });
  if (form.get("grant_type") === "refresh_token") return refresh(fake, form);
  const known = fake.codes.get(form.get("code") ?? "");
  return known === undefined ? json(400, { error: "invalid_request" }) : tokens(fake, known.user, known.nonce);
}

async function refresh(fake: State, form: URLSearchParams): Promise<SendAnswer> {
  if (fake.refreshWithoutScope && form.has("scope")) return json(400, { error: "invalid_scope" });
  const used = form.get("refresh_token") ?? "";
  const user = fake.users.get(used);
  const isNew = fake.refreshTokens.delete(used);
  await fake.beforeRefresh();
  if (!isNew || user === undefined) return json(401, { error: "invalid_request", hint: "Token has been revoked" });
  if (!fake.refreshWithoutScope && form.get("scope") !== fake.scopes.join(" "))
    return json(400, { error: "invalid_scope" });
  return tokens(fake, user);
}

async function tokens(fake: State, user: FakeUser, nonce?: string): Promise<SendAnswer> {
  const { issuer, clientId, clock } = fake.options;
  const now = Math.floor(clock.now() / 1000);
  const claims = { iat: now, exp: now + accessSeconds, iss: issuer, aud: clientId, sub: user.sub };
  const scopes = nonce === undefined ? fake.scopes : [...fake.scopes, "nonce"];
  const jti = `${fake.users.size}`;
  const accessToken = await sign({ ...claims, jti, scopes }, fake.key);
  const refreshToken = `refresh-${jti}`;
  fake.users.set(accessToken, user).set(refreshToken, user);
  fake.refreshTokens.add(refreshToken);
  return json(200, {
    ...fake.context,
    access_token: accessToken,
    refresh_token: refreshToken,
    id_token: await signAsTold(fake, { ...claims, ...(nonce === undefined ? {} : { nonce }), ...fake.idToken }),
    token_type: "Bearer",
    expires_in: accessSeconds,
  });
}

async function signAsTold({ signature, key, otherKey }: State, claims: JWTPayload): Promise<string> {
  if (signature === "none") return new UnsecuredJWT(claims).encode();
  if (signature !== "HS256") return sign(claims, signature === "true" ? key : otherKey);
  const secret = new TextEncoder().encode((await exportJWK(key.publicKey)).n);
  return new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).sign(secret);
}

function sign(claims: JWTPayload, { privateKey }: Keys): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: "RS256", typ: "JWT" }).sign(privateKey);
}

function newKeys(): Promise<Keys> {
  return generateKeyPair("RS256", { extractable: true });
}

function api({ users }: State, { url, headers }: SendRequest): SendAnswer {
  const user = users.get(headers["authorization"]?.replace("Bearer ", "") ?? "");
  if (user === undefined) return json(401, { error: "denied" });
  if (url.endsWith("/api/practitioner")) return json(user.kind === "admin" ? 200 : 403, {});
  if (url.endsWith("/encounter")) return encounters(user);
  return user.name === undefined ? json(401, {}) : json(200, { name: [{ family: user.name, given: ["Kim"] }] });
}

function encounters({ kind }: FakeUser): SendAnswer {
  if (kind === "front on 7.0.0") return { status: 401, headers: {}, body: "" };
  return kind === "front" ? json(403, { error: "denied" }) : json(400, { validationErrors: {} });
}

function json(status: number, body: unknown): SendAnswer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}
