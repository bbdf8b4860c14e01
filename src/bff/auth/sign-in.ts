/**
 * Signing in and out (design/backend.md, Sign-in). In: what the browser brings back from OpenEMR. Out: a session cookie; the
 * tokens stay here. A sign-in begun before a restart can still be finished; everything half-done is in the store or nowhere.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Config } from "#bff/config.ts";
import type { Log } from "#bff/context.ts";
import { GuardError, type AuditEntry, type Statement, type Store } from "#bff/store/store.ts";
import type { Clock } from "#model/clock.ts";
import { problem, toProblem } from "#model/problem.ts";
import type { AuthBegin, LaunchAsked } from "#protocol/bff-launch.ts";
import { Role, type User } from "#model/user.ts";
import { parseCodeExchange } from "./code-exchange.ts";
import { clearCookie, cookieHash, hashOf, newSecret, setCookie } from "./cookies.ts";
import type { Grants } from "./grants.ts";
import type { CheckIdToken, Proof } from "./id-token.ts";
import type { OpenId, TokenSet } from "./openid.ts";
import type { RoleProbe } from "./role-probe.ts";
import type { Scopes } from "./scopes.ts";
import { sessionEntry, type SessionEnd } from "./session-end.ts";
import { checkLaunch, useLaunchStatements } from "./launch.ts";
import { absoluteMs, type Session, type Sessions } from "./sessions.ts";

export type SignInParts = {
  config: Config;
  clock: Clock;
  store: Store;
  log: Log;
  sessions: Sessions;
  grants: Grants;
  sessionEnd: SessionEnd;
  openId: OpenId;
  checkIdToken: CheckIdToken;
  probe: RoleProbe;
  scopes: Scopes;
  onSignedIn: () => void;
};

export type SignIn = {
  /**
   * Sets the single-use login cookie; resolves with the nonce for OpenEMR and what to ask it for. With a launch of OpenEMR's
   * page of a patient: throws `launch_refused`, `launch_used`.
   */
  begin(reply: FastifyReply, launch: LaunchAsked | undefined): Promise<AuthBegin>;
  /** Exchanges the code, sets the session cookie; resolves with the session's lifetime. Refusals are in the audit. */
  finish(request: FastifyRequest, reply: FastifyReply): Promise<{ lifetimeMs: number }>;
  /** Ends the session that the cookie names, if there is one. */
  signOut(request: FastifyRequest, reply: FastifyReply): Promise<void>;
};

const loginMs = 10 * 60_000;

export function createSignIn(parts: SignInParts): SignIn {
  return {
    begin: (reply, launch) => begin(parts, reply, launch),
    finish: async (request, reply) => {
      clearCookie(reply, "__Host-login");
      const login = await takeLogin(parts, request);
      try {
        return await finish(parts, { request, reply, ...login });
      } catch (thrown) {
        await parts.store.transact({ statements: [], audit: [refusalEntry(parts.clock, request, thrown)] });
        throw thrown;
      }
    },
    signOut: (request, reply) => signOut(parts, request, reply),
  };
}

async function begin(parts: SignInParts, reply: FastifyReply, asked: LaunchAsked | undefined): Promise<AuthBegin> {
  const { store, clock, scopes } = parts;
  const launch = asked && (await checkLaunch(parts, asked));
  const [cookie, nonce] = [newSecret(), newSecret()];
  const now = clock.now();
  await store.transact({
    statements: [
      { sql: "DELETE FROM logins WHERE expires_at <= ?", params: [now] },
      {
        sql: "INSERT INTO logins (cookie_hash, nonce, expires_at, launch_hash) VALUES (?, ?, ?, ?)",
        params: [hashOf(cookie), nonce, now + loginMs, launch?.hash ?? null],
      },
    ],
  });
  setCookie(reply, { name: "__Host-login", value: cookie, maxAge: loginMs / 1000 });
  const scope = await scopes.wanted();
  return launch === undefined ? { nonce, scope } : { nonce, scope: withLaunch(scope), aud: launch.aud };
}

/** Without this word OpenEMR tells no patient. */
function withLaunch(scope: string): string {
  return scope.split(" ").includes("launch") ? scope : `${scope} launch`;
}

type Login = { nonce: string; launchHash: string | null };
type Return = Login & { request: FastifyRequest; reply: FastifyReply };

async function finish(parts: SignInParts, back: Return): Promise<{ lifetimeMs: number }> {
  const { request, reply, nonce } = back;
  const tokens = await parts.openId.exchange(parseCodeExchange(request.body, parts.config));
  const proof = await parts.checkIdToken(tokens, nonce);
  const user = await whoIs(parts, proof, tokens.accessToken);
  const secret = newSecret();
  const session = newSession(parts, { idHash: hashOf(secret), user, tokens, scope: proof.scope });
  const replaced = cookieHash(request, "__Host-sid");
  const audit = sessionEntry(session, {
    now: parts.clock.now(),
    object: "signed in",
    requestId: request.id,
    ip: request.ip,
  });
  const ended = replaced === undefined ? [] : parts.sessions.endStatements(replaced);
  await parts.sessions.add(session, audit, [...ended, ...launchStatements(back, session, tokens)]).catch(asLaunchUsed);
  // As long as the session may last: a browser that crashes mid-visit must not sign its clinician out.
  setCookie(reply, { name: "__Host-sid", value: secret, maxAge: absoluteMs / 1000 });
  parts.onSignedIn();
  return { lifetimeMs: absoluteMs };
}

function launchStatements({ launchHash }: Login, session: Session, { launched }: TokenSet): Statement[] {
  if (launchHash === null) return [];
  const { idHash: sessionHash, seenAt: now } = session;
  return useLaunchStatements({ hash: launchHash, sessionHash, context: launched, now });
}

/** The only guard among a new session's statements is that of its launch. */
function asLaunchUsed(thrown: unknown): never {
  throw thrown instanceof GuardError ? problem("launch_used") : thrown;
}

/**
 * The cookie works once, whatever becomes of the rest. Being without one is logged and not audited: anybody could fill the
 * trail with it.
 */
async function takeLogin({ store, clock, log }: SignInParts, request: FastifyRequest): Promise<Login> {
  const hash = cookieHash(request, "__Host-login");
  const sql = "DELETE FROM logins WHERE cookie_hash = ? AND expires_at > ? RETURNING nonce, launch_hash";
  const [rows] = await store.transact({ statements: [{ sql, params: [hash ?? "", clock.now()] }] });
  const { nonce, launch_hash: launchHash } = rows?.[0] ?? {};
  if (typeof nonce === "string") return { nonce, launchHash: typeof launchHash === "string" ? launchHash : null };
  const detail = hash === undefined ? "no login cookie" : "login cookie used or over";
  log.warn({ code: "sign_in_failed", detail, requestId: request.id }, "sign-in refused");
  throw problem("sign_in_failed", { detail });
}

/** The role that an administrator gave goes before the one that OpenEMR shows. */
async function whoIs(parts: SignInParts, { id }: Proof, accessToken: string): Promise<User> {
  const [given] = await parts.store.query("SELECT role FROM roles WHERE user_id = ?", [id]);
  const [role, name] = await Promise.all([
    given ? Role.parse(given["role"]) : parts.probe.role(accessToken),
    parts.probe.name(accessToken, id),
  ]);
  return { id, name, role };
}

type NewSession = { idHash: string; user: User; tokens: TokenSet; scope: string };

function newSession({ clock, grants }: SignInParts, { idHash, user, tokens, scope }: NewSession): Session {
  const { accessToken, refreshToken, idToken, expiresInMs } = tokens;
  const now = clock.now();
  return {
    idHash,
    user,
    sealedGrant: grants.sealed({ accessToken, refreshToken, idToken, scope }, idHash),
    accessExpiresAt: now + expiresInMs,
    seenAt: now,
    expiresAt: now + absoluteMs,
    filingOnly: false,
  };
}

async function signOut(parts: SignInParts, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const idHash = cookieHash(request, "__Host-sid");
  clearCookie(reply, "__Host-sid");
  const session = idHash === undefined ? undefined : await parts.sessions.find(idHash);
  if (session === undefined || session.filingOnly) return;
  const event = { now: parts.clock.now(), object: "signed out", requestId: request.id, ip: request.ip };
  await parts.sessionEnd.end(session, sessionEntry(session, event));
}

function refusalEntry(clock: Clock, request: FastifyRequest, thrown: unknown): AuditEntry {
  const { code, detail } = toProblem(thrown);
  return {
    at: clock.now(),
    actor: "unknown",
    role: "none",
    sessionHash: null,
    ip: request.ip,
    action: "E",
    outcome: code === "sign_in_failed" || code === "launch_used" ? "refused" : "failed",
    patient: null,
    object: `sign-in: ${detail ?? code}`,
    requestId: request.id,
  };
}
