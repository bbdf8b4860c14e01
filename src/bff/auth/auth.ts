/** Who makes a request, and may they. Wires the pieces of this folder together. */
import type { FastifyRequest } from "fastify";
import type { Config } from "#bff/config.ts";
import type { Audit, Auth, Log, Principal } from "#bff/context.ts";
import type { Store } from "#bff/store/store.ts";
import type { Clock } from "#model/clock.ts";
import type { UserId } from "#model/id.ts";
import { problem, ProblemError, toProblem } from "#model/problem.ts";
import type { Role, User } from "#model/user.ts";
import type { Send } from "#openemr/send.ts";
import { cookieHash } from "./cookies.ts";
import { createGrants, type Grants } from "./grants.ts";
import { createIdTokenCheck } from "./id-token.ts";
import { createOpenId, issuerOf } from "./openid.ts";
import { createRoleProbe } from "./role-probe.ts";
import { createScopes } from "./scopes.ts";
import type { Seal } from "./seal.ts";
import { createSessionEnd, timeoutEntry, type SessionEnd } from "./session-end.ts";
import { createSessions, type Session, type Sessions } from "./sessions.ts";
import { createSignIn, type SignIn } from "./sign-in.ts";
import type { Successors } from "./successors.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Asked by the page on its own: it does not keep a session from being idle. */
    passive?: boolean;
  }
}

export type AuthParts = {
  config: Config;
  clock: Clock;
  store: Store;
  audit: Audit;
  log: Log;
  seal: Seal;
  /** To OpenEMR. */
  send: Send;
  /** Cuts the live connections of a session that ended. */
  onEnded: (sessionHash: string) => void;
  /** Somebody signed in: what waited for their token can go on. */
  onSignedIn: () => void;
  /** The same that `send` and the chart's client know. */
  successors: Successors;
  wait?: (ms: number) => Promise<unknown>;
};

export type FullAuth = Auth & {
  signIn: SignIn;
  /** The session that the cookie names, while it lives; asking is no activity. */
  current(request: FastifyRequest): Promise<Session | undefined>;
  isLive(sessionHash: string): Promise<boolean>;
  /** Somebody who is signed in now, with a live token; it is no activity of theirs. */
  someone(): Promise<{ user: User; token: string } | undefined>;
  sweep(): Promise<void>;
};

export function createAuth(parts: AuthParts): FullAuth {
  const { config, clock, store, send } = parts;
  const openId = createOpenId(config, send);
  const sessions = createSessions({ store, clock });
  const grants = createGrants({ ...parts, sessions, openId });
  const sessionEnd = createSessionEnd({ ...parts, sessions, grants, openId });
  const checkIdToken = createIdTokenCheck({
    issuer: issuerOf(config),
    clientId: config.OPENEMR_CLIENT_ID,
    clock,
    openId,
  });
  const probe = createRoleProbe(config, send);
  const live: LiveParts = { ...parts, sessions, grants, sessionEnd };
  return {
    require: (request, roles) => requireRole(live, request, roles),
    tokenOf: (userId) => tokenOf(live, userId),
    signIn: createSignIn({ ...live, openId, checkIdToken, probe, scopes: createScopes(parts) }),
    current: (request) => current(live, request),
    isLive: async (sessionHash) => isLive(live, await sessions.find(sessionHash)),
    someone: () => someone(live),
    sweep: () => sessionEnd.sweep(),
  };
}

type LiveParts = AuthParts & { sessions: Sessions; grants: Grants; sessionEnd: SessionEnd };

async function requireRole(parts: LiveParts, request: FastifyRequest, roles: readonly Role[]): Promise<Principal> {
  const session = await current(parts, request);
  if (session === undefined) throw problem("signed_out");
  const { user, idHash } = session;
  const principal = { user, sessionHash: idHash, accessToken: () => parts.grants.accessToken(idHash) };
  if (!roles.includes(user.role)) {
    const object = `${request.method} ${request.routeOptions.url ?? ""}`;
    const refusal = parts.audit.entry(principal, request, { action: "E", object, outcome: "refused" });
    await parts.store.transact({ statements: [], audit: [refusal] });
    throw problem("forbidden");
  }
  if (request.routeOptions.config.passive !== true) await parts.sessions.touch(session);
  return principal;
}

/** A session whose time is over ends here, before the sweep comes by. */
async function current(parts: LiveParts, request: FastifyRequest): Promise<Session | undefined> {
  const idHash = cookieHash(request, "__Host-sid");
  const session = idHash === undefined ? undefined : await parts.sessions.find(idHash);
  if (session === undefined || isLive(parts, session)) return session;
  if (!session.filingOnly) await parts.sessionEnd.end(session, timeoutEntry(session, parts.clock.now()));
  return undefined;
}

function isLive({ sessions }: LiveParts, session: Session | undefined): boolean {
  return session !== undefined && !session.filingOnly && !sessions.isOver(session);
}

/** OpenEMR being away is told to the caller. */
async function tokenOf({ sessions, grants }: LiveParts, userId: UserId): Promise<string | undefined> {
  return (await firstTaken(grants, await sessions.ofUser(userId)))?.token;
}

async function someone({ sessions, grants }: LiveParts): Promise<{ user: User; token: string } | undefined> {
  return firstTaken(grants, await sessions.live());
}

/** A grant that OpenEMR no longer takes is skipped. */
async function firstTaken(
  grants: Grants,
  sessions: readonly Session[],
): Promise<{ user: User; token: string } | undefined> {
  for (const { idHash, user } of sessions) {
    try {
      return { user, token: await grants.accessToken(idHash) };
    } catch (thrown) {
      if (!(thrown instanceof ProblemError) || toProblem(thrown).code !== "signed_out") throw thrown;
    }
  }
  return undefined;
}
