/**
 * An OMSIF service to test against, revision 1 or 2, written from the protocol's texts alone. In: HTTP below `/v1/omsif`. Out:
 * what the texts demand, refusals included, and the note of whoever listens for it; without one, a note that says that nobody
 * did. Nothing survives a stop without a file to keep it in.
 */
import type { Clock } from "#model/clock.ts";
import { systemClock } from "#model/clock.ts";
import type { Hear } from "#sandbox/hearing.ts";
import type { Down, Fault } from "#sandbox/openemr/faults.ts";
import { createFaults } from "#sandbox/openemr/faults.ts";
import type { VisitScript } from "#sandbox/sandbox-note.ts";
import { serveScribe } from "#sandbox/scribe-request.ts";
import { openShelf } from "#sandbox/shelf.ts";
import type { Rules } from "./routes.ts";
import { answerOmsif, base } from "./routes.ts";
import type { Job, Post, Session, Site, StoredAudio } from "./site.ts";
import { fault, work } from "./site.ts";

export type SandboxOmsifOptions = {
  revision: 1 | 2;
  port?: number;
  clock?: Clock;
  key?: string;
  /** Signs webhooks; exchanged outside the protocol. */
  secret?: string;
  script?: VisitScript;
  /** Who listens for it. */
  hear?: Hear | undefined;
  /** What it holds survives its process in this file. */
  file?: string | undefined;
  rules?: Partial<Rules>;
  post?: Post;
  /** Strings to pull over HTTP too. */
  httpControls?: boolean;
};

export type OmsifControls = {
  fault(fault: Fault): void;
  clearFaults(): void;
  goDown(how?: Down): void;
  comeUp(): void;
  /** Jobs stay queued until `release`. */
  hold(): void;
  release(): void;
  endAs(status: "completed" | "partial" | "failed", code?: string): void;
  /** From now on JSON is called text/html. */
  mislabel(): void;
  /** Every session that was not committed is gone. */
  expire(): void;
  /** Every job is gone. */
  forgetJobs(): void;
  /** How often each result is delivered from now on; 0 loses them. */
  deliver(times: number): void;
  sessions(): { id: string; audio: StoredAudio[] }[];
  jobs(): { id: string; status: string; files: StoredAudio[] }[];
};

type Kept = { sessions: Map<string, Session>; jobs: Map<string, Job> };

export type SandboxOmsif = { url: string; controls: OmsifControls; close(): Promise<void> };

export async function createSandboxOmsif(options: SandboxOmsifOptions): Promise<SandboxOmsif> {
  const site = openSite(options);
  const rules: Rules = { features: ["sync", "async", "streaming_upload"], wantsForm: false, ...options.rules };
  const faults = createFaults();
  const down = {
    goDown: (how: Down = "refused") => {
      faults.down = how;
    },
    comeUp: () => {
      faults.down = undefined;
    },
  };
  let isMislabelled = false;
  const mislabel = (): void => {
    isMislabelled = true;
  };
  const strings = { fault: faults.add, clearFaults: faults.clear, ...down, mislabel };
  const controls: OmsifControls = { ...strings, ...stringsOf(site) };
  const server = await serveScribe({
    port: options.port ?? 0,
    faults,
    failure: (status) => fault(status, codes[status] ?? "internal_error"),
    answer: async (asked) => {
      const told = await answerOmsif(site, asked, rules);
      if (asked.method !== "GET") site.keep();
      return isMislabelled ? { ...told, headers: { ...told.headers, "content-type": "text/html" } } : told;
    },
    controls: options.httpControls === true ? controls : undefined,
  });
  for (const job of site.jobs.values()) if (job.completedAt === undefined) void work(site, job);
  return {
    url: `${server.url}${base}`,
    controls,
    close: async () => {
      await server.close();
      await Promise.all(site.running);
    },
  };
}

function openSite(options: SandboxOmsifOptions): Site {
  const { clock = systemClock, key = "sk_test_sandbox", secret = "sandbox-webhook-secret" } = options;
  const shelf = openShelf<Kept>(options.file);
  const site: Site = {
    revision: options.revision,
    clock,
    key,
    secret,
    script: options.script,
    hear: options.hear,
    sessions: shelf.left?.sessions ?? new Map(),
    jobs: shelf.left?.jobs ?? new Map(),
    isHeld: false,
    endsAs: { status: "completed", code: "processing_timeout" },
    deliveries: 1,
    post: options.post ?? postByFetch,
    running: new Set(),
    keep: () => shelf.keep({ sessions: site.sessions, jobs: site.jobs }),
  };
  return site;
}

const codes: Record<number, string> = { 429: "rate_limit_exceeded", 503: "service_unavailable" };

function stringsOf(site: Site): Omit<OmsifControls, "fault" | "clearFaults" | "goDown" | "comeUp" | "mislabel"> {
  return {
    hold: () => {
      site.isHeld = true;
    },
    release: () => {
      site.isHeld = false;
      for (const job of site.jobs.values()) if (job.completedAt === undefined) void work(site, job);
    },
    endAs: (status, code = "processing_timeout") => {
      site.endsAs = { status, code };
    },
    expire: () => {
      for (const session of site.sessions.values()) if (session.jobId === undefined) site.sessions.delete(session.id);
    },
    forgetJobs: () => site.jobs.clear(),
    deliver: (times) => {
      site.deliveries = times;
    },
    sessions: () => [...site.sessions.values()].map(({ id, audio }) => ({ id, audio: [...audio.values()] })),
    jobs: () => [...site.jobs.values()].map(({ id, status, files }) => ({ id, status, files })),
  };
}

const postByFetch: Post = async (url, headers, body) => {
  await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(5000) });
};
