/**
 * The adapter to MedScribeAlliance services (version 0.1 in its three forms A, B and C). In: the service's address and how we
 * sign in, and a way to send. Out: the scribe port. It keeps the discovery document and what it learned about the service's
 * form; a job is plain JSON, so whoever stores it can go on after a crash.
 */
import { problem, ProblemError } from "#model/problem.ts";
import { msaVersion } from "#protocol/medscribealliance.ts";
import type { FileToWav } from "#scribe/audio-format.ts";
import type { OidcClient } from "#scribe/credentials.ts";
import { createKey, createToken } from "#scribe/credentials.ts";
import type { Waiting } from "#scribe/retry.ts";
import type { Scribe, ScribeAbilities, ScribeJob, Send, UploadForm } from "#scribe/scribe.ts";
import type { Wire } from "#scribe/wire.ts";
import { askForRest, hasWordForRest, isAwaited } from "./ask-for-rest.ts";
import type { Dialect } from "./dialect.ts";
import type { Discovered } from "./discovery.ts";
import { createDiscovery, takesChunks } from "./discovery.ts";
import { cancelSession, finishSession } from "./end-session.ts";
import { chosenModel, openSession } from "./open-session.ts";
import { faultOf, problemOf } from "./problem-of.ts";
import { readSession } from "./read-session.ts";
import { sendChunk } from "./send-chunk.ts";
import { sendWholeFile } from "./send-whole.ts";
import { heldOf, statusOf } from "./status-of.ts";
import { registerWebhook } from "./webhooks.ts";

export type MedScribeAllianceOptions = {
  /** Where the service is; everything else comes from its discovery document. */
  url: string;
  send: Send;
  waiting: Waiting;
  /** For services whose form cannot be seen. */
  form?: Dialect;
  /** One of the two. */
  apiKey?: string;
  oidc?: OidcClient;
  /** Without it a service that does not take the browser's own format refuses its files. */
  fileToWav?: FileToWav;
};

/** What the service showed: its form, and which way of uploading it takes. Lost at a restart, learned again. */
type Memory = { form: Dialect | undefined; upload: UploadForm | undefined };

export function createMedScribeAlliance(options: MedScribeAllianceOptions): Scribe {
  const wire = createMsaWire(options);
  const discovery = createDiscovery(wire, options.url);
  const memory: Memory = { form: options.form, upload: undefined };
  /** Runs with the discovery document; a refused key makes the next call read it again (§4.8). */
  const knowing = async <T>(work: (found: Discovered) => Promise<T>): Promise<T> => {
    try {
      return await work(await discovery.get());
    } catch (thrown) {
      if (thrown instanceof ProblemError && thrown.problem.code === "scribe_refused") discovery.forget();
      throw thrown;
    }
  };
  return {
    abilities: async (asked) => abilitiesOf(await discovery.get(asked?.fresh ?? false)),
    open: (reference) =>
      knowing(async (found) => {
        const { job, form } = await openSession(wire, { found, reference, form: memory.form });
        memory.form = form;
        return job;
      }),
    send: (job, chunk) =>
      knowing(async (found) => {
        if (!takesChunks(found)) throw problem("scribe_refused", { detail: "the service takes whole files only" });
        const holds = async (sequence: number): Promise<boolean> => {
          const session = await readSession(wire, found, job);
          return session !== undefined && (heldOf(session)?.includes(sequence) ?? false);
        };
        const forms = formsFor(job, memory);
        const taken = await sendChunk(wire, { job, chunk, found, holds, forms });
        if (job.form === "named") memory.upload = taken;
      }),
    sendWhole: (job, file) =>
      knowing(async (found) => {
        await sendWholeFile(wire, { job, file, found, toWav: options.fileToWav });
        return { job: await finishSession(wire, found, { job, chunkCount: 1 }), status: null };
      }),
    finish: (job, chunkCount) => knowing((found) => finishSession(wire, found, { job, chunkCount })),
    read: (job) =>
      knowing(async (found) => {
        const session = await readSession(wire, found, job);
        if (session === undefined) return { state: "expired" };
        const awaitsRest = isAwaited(job, wire.waiting.clock.now());
        return statusOf(session, found, { awaitsRest, hasWordForRest: hasWordForRest(found, memory.form) });
      }),
    askForRest: (job) => knowing((found) => askForRest(wire, found, { job, form: memory.form })),
    cancel: (job) => knowing((found) => cancelSession(wire, found, { job, form: memory.form })),
    notifyAt: (target) => knowing((found) => registerWebhook(wire, found, target)),
  };
}

function createMsaWire({ send, waiting, apiKey = "", oidc }: MedScribeAllianceOptions): Wire {
  const credentials =
    oidc === undefined ? createKey(apiKey, (key) => ({ "x-api-key": key })) : createToken(send, waiting, oidc);
  const headers = { "msa-version": msaVersion };
  return { send, waiting, credentials, headers, problemOf, codeOf: (answer) => faultOf(answer)?.code };
}

/** Form B names three ways to send a file and its servers take some: each is tried until one is taken. */
function formsFor(job: ScribeJob, { upload }: Memory): readonly UploadForm[] {
  if (job.form !== "named") return [job.form ?? "named"];
  return upload === undefined ? ["named", "path", "raw"] : [upload];
}

/** A recorder cuts a little late: a second less than the service allows. */
const marginMs = 1000;

function abilitiesOf(found: Discovered): ScribeAbilities {
  const { protocol_version: version, capabilities, engines } = found.document;
  const model = chosenModel(found);
  const seconds = model?.max_session_duration_seconds;
  const maxMs = capabilities.max_chunk_duration_seconds * 1000;
  return {
    service: found.service,
    protocol: `MedScribeAlliance ${version}`,
    wants: takesChunks(found) ? "chunks" : "whole_file",
    audioFormats: capabilities.audio_formats,
    maxChunkMs: Math.max(Math.min(maxMs, marginMs), maxMs - marginMs),
    model: model?.id ?? null,
    templates: [],
    webhooks: webhooksOf(found),
    maxSessionMs: seconds === undefined ? null : seconds * 1000,
    speechEngine: engines?.speech ?? null,
    noteWriter: engines?.note_writer ?? null,
  };
}

function webhooksOf({ document }: Discovered): boolean | null {
  return document.capabilities.webhook_delivery ?? (document.endpoints?.webhooks_url === undefined ? null : true);
}
