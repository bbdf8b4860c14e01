/** What routes and background work are given. Each part is a port with one file behind it; `app.ts` wires them. */
import type { FastifyRequest } from "fastify";
import type { Clock } from "#model/clock.ts";
import type { VisitId, UserId } from "#model/id.ts";
import type { Role, User } from "#model/user.ts";
import type { Config } from "./config.ts";
import type { AuditEntry, Store } from "./store/store.ts";

/** Who makes a request. `accessToken` refreshes when less than five minutes are left (single flight). */
export type Principal = {
  user: User;
  sessionHash: string;
  accessToken(): Promise<string>;
};

export type Auth = {
  /** The signed-in user with one of these roles; throws `signed_out` or `forbidden` (and writes the refusal to the audit). */
  require(request: FastifyRequest, roles: readonly Role[]): Promise<Principal>;
  /** A live OpenEMR token of that user for background filing, or undefined: then filing waits for them to sign in. */
  tokenOf(userId: UserId): Promise<string | undefined>;
};

export type AuditEvent = Pick<AuditEntry, "action" | "object"> & { patient?: string; outcome?: AuditEntry["outcome"] };

export type Audit = {
  /** The row for a request, to be put into the same transaction as its effect: no row, no data. */
  entry(principal: Principal, request: FastifyRequest, event: AuditEvent): AuditEntry;
  /** The row for background work done in a user's name. */
  background(actor: User, event: AuditEvent): AuditEntry;
};

export type Events = {
  /** Something about this visit changed: its clinician's streams get the fresh `VisitView`. */
  visitChanged(visitId: VisitId, clinicianId: UserId): Promise<void>;
  /** The desk's queue changed. */
  followUpsChanged(): Promise<void>;
};

export type Log = {
  info(fields: Record<string, string | number | boolean>, message: string): void;
  warn(fields: Record<string, string | number | boolean>, message: string): void;
  error(fields: Record<string, string | number | boolean>, message: string): void;
};

/** Filing signed notes into OpenEMR, in the background, from a durable queue. */
export type Filing = { wake(): void; stop(): Promise<void> };

/** Watching scribe jobs until they end: one poller per job. */
export type Jobs = { watch(visitId: VisitId): void; stop(): Promise<void> };

export type BffContext = {
  config: Config;
  clock: Clock;
  store: Store;
  auth: Auth;
  audit: Audit;
  events: Events;
  log: Log;
  filing: Filing;
  jobs: Jobs;
};
