/** A clinic and a sandbox of a form that calls back; the test has the deliveries in its hand and no poller runs by itself. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { expect, onTestFinished } from "vitest";
import { createScribeSend } from "#bff/upstream/scribe-send.ts";
import { visitChunks } from "#local-scribe/trial.ts";
import type { VisitId } from "#model/id.ts";
import { NoteView } from "#protocol/bff.ts";
import { createSandboxMsa } from "#sandbox/msa/sandbox.ts";
import { createSandboxOmsif } from "#sandbox/omsif/sandbox.ts";
import { createScribe } from "#scribe/discover.ts";
import { createFakeWaiting } from "#scribe/fake-wire.ts";
import type { OutgoingChunk, Scribe } from "#scribe/scribe.ts";
import type { Outside, TestClinic } from "./test-clinic.ts";
import { createTestClinic, finish, putChunk, startVisit, viewOf, webhookSecret } from "./test-clinic.ts";

export type Delivery = { headers: Record<string, string>; body: string };
type Post = (url: string, headers: Record<string, string>, body: string) => Promise<void>;

/** The adapter to OMSIF makes WAV; here a mark before the bytes stands for that. */
export const mark = Buffer.from("RIFF");
export const toWav = async ({ bytes }: OutgoingChunk) => new Uint8Array(Buffer.concat([mark, bytes]));

export const chunks = visitChunks()
  .slice(0, 3)
  .map((payload, sequence) => ({
    sequence,
    payload,
    sha256: createHash("sha256").update(payload).digest("hex"),
    durationMs: 15_000,
  }));

/** The test clinic's clock stands still there; signatures carry the time. */
const clock = { now: () => Date.UTC(2026, 10, 20, 15, 0) };

/** `deliveries` of one visit. */
export const callingForms = {
  "MedScribeAlliance A": (post: Post) => createSandboxMsa({ form: "A", clock, post }),
  "MedScribeAlliance B": (post: Post) => createSandboxMsa({ form: "B", clock, post }),
  "OMSIF rev 1": (post: Post) => createSandboxOmsif({ revision: 1, secret: webhookSecret, post }),
  "OMSIF rev 2": (post: Post) => createSandboxOmsif({ revision: 2, secret: webhookSecret, post }),
};
export type CallingForm = keyof typeof callingForms;

export const isMsa = (form: CallingForm): boolean => form.startsWith("MedScribeAlliance");

/** `outside` stands between the clinic server and what outlives it, its reads of the scribe included. */
export async function openWebhookWorld(form: CallingForm, outside: Outside = (work) => work()) {
  const posted: Delivery[] = [];
  const post: Post = async (_url, headers, body) => void posted.push({ headers, body });
  const sandbox = await callingForms[form](post);
  const wire = createScribeSend({ SCRIBE_URL: sandbox.url });
  /** Called when the service has taken the end and its answer is on the way. */
  const way = { atEnd: async (): Promise<void> => undefined };
  const scribe = createScribe({
    url: sandbox.url,
    protocol: "auto",
    apiKey: "sk_test_sandbox",
    waiting: createFakeWaiting(),
    toWav,
    send: async (request) => {
      const answer = await wire.send(request);
      if (/\/(?:end|commit)$/u.test(request.url)) await way.atEnd();
      return answer;
    },
  });
  await scribe.notifyAt?.({ url: "https://clinic.example/webhooks/scribe", secret: webhookSecret });
  const counts = { reads: 0 };
  const counted: Scribe = {
    ...scribe,
    read: (job) =>
      outside(() => {
        counts.reads += 1;
        return scribe.read(job);
      }),
  };
  const clinic = await createTestClinic<Scribe>(counted, outside);
  const close = async (running: TestClinic<Scribe> = clinic): Promise<void> => {
    await running.close();
    await wire.close();
    await sandbox.close();
  };
  return { sandbox, clinic, scribe, posted, counts, way, close };
}

export type WebhookWorld = Awaited<ReturnType<typeof openWebhookWorld>>;

/** As the service sends it: from nobody's session. Resolves with the status. */
export async function deliver(clinic: TestClinic<Scribe>, { headers, body }: Delivery): Promise<number> {
  const own = { ...headers, host: "localhost:3000" };
  const answer = await clinic.app.inject({ method: "POST", url: "/webhooks/scribe", headers: own, payload: body });
  return answer.statusCode;
}

/** A visit whose recording is over. */
export async function recordedVisit(clinic: TestClinic<Scribe>): Promise<VisitId> {
  const visitId = await startVisit(clinic);
  for (const chunk of chunks) expect((await putChunk(clinic, visitId, chunk)).statusCode).toBe(200);
  expect((await finish(clinic, visitId, chunks)).statusCode).toBe(200);
  await clinic.jobs.settled();
  return visitId;
}

/** One, whoever said so how often: a second would be a row more somewhere. Each chunk is in it once. */
export async function holdsOneNote(clinic: TestClinic<Scribe>, visitId: VisitId, isConverted: boolean): Promise<void> {
  expect(await viewOf(clinic, visitId)).toMatchObject({ state: "draft_ready", received: { chunks: chunks.length } });
  const answer = await clinic.request("clinician", { method: "GET", url: `/api/visits/${visitId}/note` });
  const bytes = chunks.reduce((sum, { payload }) => sum + payload.length + (isConverted ? mark.length : 0), 0);
  expect(NoteView.parse(answer.json()).note.subjective).toContain(`3 audio files with ${bytes} bytes arrived`);
  const [counted] = await clinic.rows(`SELECT
    (SELECT COUNT(*) FROM drafts WHERE visit_id = '${visitId}') AS drafts,
    (SELECT COUNT(*) FROM revisions WHERE visit_id = '${visitId}') AS revisions,
    (SELECT COUNT(*) FROM scribe_jobs WHERE visit_id = '${visitId}' AND state = 'done') AS jobs,
    (SELECT COUNT(*) FROM audit WHERE object = 'draft:${visitId}' AND action = 'C') AS told`);
  expect(counted).toEqual({ drafts: 1, revisions: 1, jobs: 1, told: 1 });
}

/** The clinic's address as the service knows it. */
export async function openReceiver(take: (delivery: Delivery) => Promise<number>): Promise<string> {
  const server = createServer((incoming, answer) => {
    const taking = async (): Promise<void> => {
      const body = (await buffer(incoming)).toString();
      const kept = Object.entries(incoming.headers).filter(([name]) => /signature|content-type/u.test(name));
      const status = await take({ headers: Object.fromEntries(kept) as Record<string, string>, body });
      answer.writeHead(status).end();
    };
    taking().catch(() => answer.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/scribe`;
}
