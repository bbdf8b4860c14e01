import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import {
  createCountingEngine,
  createHandClock,
  quotingWriter,
  temporaryDirectory,
  visitChunks,
} from "#local-scribe/trial.ts";
import { createLocalScribe } from "#local-scribe/local-scribe.ts";
import { MsaNotification } from "#protocol/medscribealliance-service.ts";
import { createFakeWaiting } from "#scribe/fake-wire.ts";
import type { OutgoingChunk, ScribeJob } from "#scribe/scribe.ts";
import { sendByFetch } from "#commands/send-by-fetch.ts";
import type { ScribeWorld } from "#scribe/scribe.contract.ts";
import { scribeContract } from "#scribe/scribe.contract.ts";
import { createMedScribeAlliance } from "./medscribealliance.ts";
import { createSpecService, specServiceUrl } from "./spec-service.ts";

scribeContract("MedScribeAlliance, dialect B as specified", () => openSpecified("B"));
scribeContract("MedScribeAlliance, dialect A as specified", () => openSpecified("A"));
scribeContract("MedScribeAlliance, the local scribe", openLocal);

function toChunk(bytes: Uint8Array, sequence: number): OutgoingChunk {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { sequence, bytes, mimeType: "audio/webm;codecs=opus", sha256 };
}

async function openSpecified(dialect: "A" | "B"): Promise<ScribeWorld> {
  const waiting = createFakeWaiting();
  const send = createSpecService(dialect, waiting.clock);
  return {
    scribe: createMedScribeAlliance({ url: specServiceUrl, apiKey: "sk_live_xxx", send, waiting }),
    chunks: [0, 1, 2].map((sequence) => toChunk(new Uint8Array([sequence]), sequence)),
    ended: async () => {},
    expire: async () => waiting.advance(3_600_001),
    close: async () => {},
  };
}

/** The real server over real HTTP, with real recordings; only what hears and what writes is simple. */
async function openLocal(): Promise<ScribeWorld> {
  const dataDir = temporaryDirectory();
  const clock = createHandClock();
  const endings = new Map<string, PromiseWithResolvers<void>>();
  const ending = (id: string): PromiseWithResolvers<void> => {
    const known = endings.get(id) ?? Promise.withResolvers<void>();
    endings.set(id, known);
    return known;
  };
  const post = async (_url: string, _headers: object, body: string | Uint8Array): Promise<number> => {
    const { event, session_id: id = "" } = MsaNotification.parse(JSON.parse(body.toString()));
    if (/completed|partial|failed/u.test(event)) ending(id).resolve();
    return 204;
  };
  const local = await createLocalScribe({
    dataDir,
    clock,
    post,
    speech: createCountingEngine(),
    writer: quotingWriter,
  });
  const waiting = { ...createFakeWaiting(), clock };
  const scribe = createMedScribeAlliance({ url: local.url, apiKey: "sk_test_chartside", send: sendByFetch, waiting });
  await scribe.notifyAt?.({ url: "https://clinic.example/webhooks/scribe", secret: "whsec_0123456789abcdef" });
  return {
    scribe,
    chunks: visitChunks().map(toChunk),
    ended: (job: ScribeJob) => ending(job.id).promise,
    expire: async () => {
      clock.advance(24 * 3_600_000);
      await local.tick();
    },
    close: async () => {
      await local.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
