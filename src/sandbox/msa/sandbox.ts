/**
 * A MedScribeAlliance service to test against, in one of the three forms, written from the protocol's texts alone. In: HTTP.
 * Out: what the form's text demands, refusals included, and the note of whoever listens for it; without one, a note that says
 * that nobody did. Nothing survives a stop without a file to keep it in.
 */
import { randomBytes } from "node:crypto";
import type { Clock } from "#model/clock.ts";
import { systemClock } from "#model/clock.ts";
import type { Hear } from "#sandbox/hearing.ts";
import { createFaults } from "#sandbox/openemr/faults.ts";
import type { VisitScript } from "#sandbox/sandbox-note.ts";
import type { Asked, Told } from "#sandbox/scribe-request.ts";
import { serveScribe } from "#sandbox/scribe-request.ts";
import { openShelf } from "#sandbox/shelf.ts";
import type { MsaControls } from "./controls.ts";
import { createMsaControls } from "./controls.ts";
import { answerA, discoveryA, viewA } from "./form-a.ts";
import { answerB, discoveryB } from "./form-b.ts";
import { answerC, discoveryC } from "./form-c.ts";
import type { Session, Site, Webhook } from "./site.ts";
import { fault, iso, work } from "./site.ts";
import type { UploadRules } from "./upload-b.ts";
import type { Storage } from "./upload-c.ts";
import type { Announcer, Post } from "./webhooks.ts";
import { createAnnouncer } from "./webhooks.ts";

export type SandboxMsaOptions = {
  form: "A" | "B" | "C";
  port?: number;
  clock?: Clock;
  key?: string;
  /** Stands in place of what was not heard. */
  script?: VisitScript;
  /** Who listens for it. */
  hear?: Hear | undefined;
  /** Where clients reach it, when that is not where it listens. */
  publicUrl?: string | undefined;
  /** What it holds survives its process in this file. */
  file?: string | undefined;
  /** Form C: what `sandboxClient` signs in with. */
  clientSecret?: string;
  /** Form B: what its uploads may be. */
  uploads?: Partial<UploadRules>;
  /** Form C: where its uploads go. */
  storage?: Storage;
  /** Form C: how long a reader waits for news. */
  longPollMs?: number;
  post?: Post;
  /** Strings to pull over HTTP too. */
  httpControls?: boolean;
};

export type SandboxMsa = {
  url: string;
  controls: MsaControls;
  /** Form C: gives tokens to `client` with `secret`, as a provider beside the service would. */
  tokenUrl: string;
  close(): Promise<void>;
};

type Kept = { sessions: Map<string, Session>; webhooks: Map<string, Webhook> };

export const sandboxClient = { clientId: "chartside", clientSecret: "sandbox-client-secret" };

export async function createSandboxMsa(options: SandboxMsaOptions): Promise<SandboxMsa> {
  const announcer = createAnnouncer(options.post ?? postByFetch, options.form === "A" ? fullBody : idBody);
  const site = openSite(options, announcer);
  const faults = createFaults();
  const tokens = new Set<string>();
  const { controls, relabel } = createMsaControls(site, { faults, announcer, tokens });
  const answer = answerFor(site, options, tokens);
  const server = await serveScribe({
    port: options.port ?? 0,
    faults,
    failure: (status) => fault(status, codes[status] ?? "internal_error"),
    answer: async (asked) => {
      const told = await answer(asked);
      if (asked.method !== "GET") site.keep();
      return relabel(told);
    },
    controls: options.httpControls === true ? controls : undefined,
  });
  site.url = options.publicUrl ?? server.url;
  for (const session of site.sessions.values()) if (session.status === "processing") work(site, session);
  const close = async (): Promise<void> => {
    await server.close();
    await Promise.all(site.working);
    await announcer.settled();
  };
  return { url: server.url, controls, tokenUrl: `${server.url}/oauth/token`, close };
}

function openSite(options: SandboxMsaOptions, announcer: Announcer): Site {
  const shelf = openShelf<Kept>(options.file);
  const site: Site = {
    url: "",
    clock: options.clock ?? systemClock,
    key: options.key ?? "sk_test_sandbox",
    sessions: shelf.left?.sessions ?? new Map(),
    webhooks: shelf.left?.webhooks ?? new Map(),
    script: options.script,
    hear: options.hear,
    working: new Set(),
    isHeld: false,
    endsAs: { status: "completed", code: "processing_failed" },
    also: {},
    announce: (session, event) => announcer.announce(site, session, event),
    keep: () => shelf.keep({ sessions: site.sessions, webhooks: site.webhooks }),
  };
  return site;
}

const codes: Record<number, string> = {
  401: "invalid_api_key",
  403: "forbidden",
  429: "rate_limit_exceeded",
  503: "service_unavailable",
};

function answerFor(
  site: Site,
  options: SandboxMsaOptions,
  tokens: Set<string>,
): (asked: Asked) => Told | Promise<Told> {
  const rules: UploadRules = { ways: ["multipart", "raw"], isPresigned: false, isSingle: false, ...options.uploads };
  const { storage = "path", longPollMs = 0 } = options;
  const forms = {
    A: { at: "", discovery: () => discoveryA(site), answer: (asked: Asked) => answerA(site, asked) },
    B: { at: "", discovery: () => discoveryB(site, rules), answer: (asked: Asked) => answerB(site, asked, rules) },
    C: {
      at: "/voice/v1",
      discovery: () => discoveryC(site),
      answer: (asked: Asked) =>
        answerC(site, asked, { tokens, storage, changed: (session) => untilChanged(session, longPollMs) }),
    },
  };
  const { at, discovery, answer } = forms[options.form];
  return (asked) => {
    if (asked.path === `${at}/.well-known/medscribealliance`) {
      return { status: 200, body: discovery(), headers: { "cache-control": "public, max-age=10800" } };
    }
    if (asked.path === "/.well-known/medscribealliance") return { status: 404, body: { detail: "Not Found" } };
    if (asked.path === "/oauth/token" && options.form === "C")
      return giveToken(asked, tokens, options.clientSecret ?? sandboxClient.clientSecret);
    return answer(asked);
  };
}

function giveToken({ body }: Asked, tokens: Set<string>, secret: string): Told {
  const fields = new URLSearchParams(body.toString());
  const isClient =
    fields.get("grant_type") === "client_credentials" &&
    fields.get("client_id") === sandboxClient.clientId &&
    fields.get("client_secret") === secret;
  if (!isClient) return { status: 401, body: { error: "invalid_client" } };
  const token = randomBytes(16).toString("hex");
  tokens.add(token);
  return { status: 200, body: { access_token: token, token_type: "Bearer", expires_in: 300 } };
}

/** Looks every 20 ms whether the work came to an end; the real service does so for up to 14 s. */
async function untilChanged(session: Session, longPollMs: number): Promise<void> {
  const until = performance.now() + longPollMs;
  while (session.status === "processing" && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Form A: the whole result, patient data included. */
function fullBody(site: Site, session: Session, event: string): Record<string, unknown> {
  return { event, timestamp: iso(site.clock.now()), data: viewA(site, session) };
}

function idBody(site: Site, session: Session, event: string): Record<string, unknown> {
  return { event, timestamp: iso(site.clock.now()), session_id: session.id };
}

const postByFetch: Post = async (url, headers, body) => {
  await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(5000) });
};
