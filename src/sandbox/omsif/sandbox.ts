/**
 * An OMSIF service to test against, revision 1 or 2, written from the protocol's texts alone. In: HTTP below `/v1/omsif`. Out:
 * what the texts demand, refusals included, and a note that says that nobody listened. Nothing survives a stop.
 */
import type { Clock } from "#model/clock.ts";
import { systemClock } from "#model/clock.ts";
import type { Down, Fault } from "#sandbox/openemr/faults.ts";
import { createFaults } from "#sandbox/openemr/faults.ts";
import type { VisitScript } from "#sandbox/sandbox-note.ts";
import { serveScribe } from "#sandbox/scribe-request.ts";
import type { Rules } from "./routes.ts";
import { answerOmsif, base } from "./routes.ts";
import type { Post, Site, StoredAudio } from "./site.ts";
import { conclude, fault } from "./site.ts";

export type SandboxOmsifOptions = {
  revision: 1 | 2;
  port?: number;
  clock?: Clock;
  key?: string;
  /** Signs webhooks; exchanged outside the protocol. */
  secret?: string;
  script?: VisitScript;
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
  endAs(status: "completed" | "failed", code?: string): void;
  /** Every session that was not committed is gone. */
  expire(): void;
  /** Every job is gone. */
  forgetJobs(): void;
  /** How often each result is delivered from now on; 0 loses them. */
  deliver(times: number): void;
  sessions(): { id: string; audio: StoredAudio[] }[];
  jobs(): { id: string; status: string; files: StoredAudio[] }[];
};

export type SandboxOmsif = { url: string; controls: OmsifControls; close(): Promise<void> };

export async function createSandboxOmsif(options: SandboxOmsifOptions): Promise<SandboxOmsif> {
  const { port = 0, clock = systemClock, key = "sk_test_sandbox", secret = "sandbox-webhook-secret" } = options;
  const site: Site = {
    revision: options.revision,
    clock,
    key,
    secret,
    script: options.script,
    sessions: new Map(),
    jobs: new Map(),
    isHeld: false,
    endsAs: { status: "completed", code: "processing_timeout" },
    deliveries: 1,
    post: options.post ?? postByFetch,
    running: new Set(),
  };
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
  const controls: OmsifControls = { fault: faults.add, clearFaults: faults.clear, ...down, ...stringsOf(site) };
  const server = await serveScribe({
    port,
    faults,
    failure: (status) => fault(status, codes[status] ?? "internal_error"),
    answer: (asked) => answerOmsif(site, asked, rules),
    controls: options.httpControls === true ? controls : undefined,
  });
  return {
    url: `${server.url}${base}`,
    controls,
    close: async () => {
      await server.close();
      await Promise.all(site.running);
    },
  };
}

const codes: Record<number, string> = { 429: "rate_limit_exceeded", 503: "service_unavailable" };

function stringsOf(site: Site): Omit<OmsifControls, "fault" | "clearFaults" | "goDown" | "comeUp"> {
  return {
    hold: () => {
      site.isHeld = true;
    },
    release: () => {
      site.isHeld = false;
      for (const job of site.jobs.values()) if (job.completedAt === undefined) conclude(site, job);
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
