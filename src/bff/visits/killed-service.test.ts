/**
 * The service's process is killed (SIGKILL) at every exchange of a visit, before its work and after it, and started again on what
 * it had on its disk. The browser does what it always does. In the end: one note, each chunk in it once. The sandboxes' note says
 * how many files with how many bytes arrived, so a chunk that was lost or taken twice shows in it.
 */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { createScribeSend } from "#bff/upstream/scribe-send.ts";
import { startServer, stopServer } from "#commands/server.ts";
import { temporaryDirectory, visitChunks } from "#local-scribe/trial.ts";
import type { VisitId } from "#model/id.ts";
import { NoteView } from "#protocol/bff.ts";
import { createScribe } from "#scribe/discover.ts";
import { createFakeWaiting } from "#scribe/fake-wire.ts";
import type { OutgoingChunk, Scribe } from "#scribe/scribe.ts";
import { type Fault, openFaultyWay } from "./faulty-way.ts";
import { createTestClinic, finish, putChunk, startVisit, type TestClinic, viewOf } from "./test-clinic.ts";

const chunks = visitChunks()
  .slice(0, 3)
  .map((payload, sequence) => ({
    sequence,
    payload,
    sha256: createHash("sha256").update(payload).digest("hex"),
    durationMs: 15_000,
  }));

/** The adapter to OMSIF makes WAV; here a mark before the bytes stands for that. */
const mark = Buffer.from("RIFF");
const toWav = async ({ bytes }: OutgoingChunk) => new Uint8Array(Buffer.concat([mark, bytes]));

const services = {
  "MedScribeAlliance form B": {
    main: "sandbox/msa/main.ts",
    env: { SANDBOX_MSA_FORM: "B" },
    settings: { port: "SANDBOX_MSA_PORT", file: "SANDBOX_MSA_DATA", publicUrl: "SANDBOX_MSA_PUBLIC_URL" },
    path: "",
    addedBytes: 0,
  },
  "OMSIF rev 2": {
    main: "sandbox/omsif/main.ts",
    env: { SANDBOX_OMSIF_REVISION: "2" },
    settings: { port: "SANDBOX_OMSIF_PORT", file: "SANDBOX_OMSIF_DATA", publicUrl: "SANDBOX_OMSIF_UNUSED" },
    path: "/v1/omsif",
    addedBytes: mark.length,
  },
} as const;

type Service = (typeof services)[keyof typeof services];

/** The process and the way to it; `strike` kills it and resolves when it is up again. */
async function openService({ main, env, settings }: Service) {
  const folder = temporaryDirectory();
  const way = await openFaultyWay("");
  const file = join(folder, "kept");
  const options = { name: "service", main, env: { ...env, [settings.file]: file, [settings.publicUrl]: way.url } };
  let server = await startServer({ ...options, env: { ...options.env, [settings.port]: "0" } });
  const { origin, port } = new URL(server.url);
  way.target = origin;
  onTestFinished(async () => {
    await way.close();
    await stopServer(server);
    await rm(folder, { recursive: true, force: true });
  });
  const strike = async (): Promise<void> => {
    const gone = once(server.child, "exit");
    server.child.kill("SIGKILL");
    await gone;
    server = await startServer({ ...options, env: { ...options.env, [settings.port]: port } });
  };
  return { way, strike };
}

type Running = Awaited<ReturnType<typeof openService>>;

/** One visit with a fresh clinic server; resolves with the number of exchanges that it took. */
async function wholeVisit({ way }: Running, service: Service, faultAt: (place: number) => Fault): Promise<number> {
  way.seen.length = 0;
  way.faultOf = (_line, place) => faultAt(place);
  const wire = createScribeSend({ SCRIBE_URL: way.url });
  const url = `${way.url}${service.path}`;
  const waiting = createFakeWaiting();
  const apiKey = "sk_test_sandbox";
  const clinic = await createTestClinic<Scribe>(
    createScribe({ url, protocol: "auto", apiKey, send: wire.send, waiting, toWav }),
  );
  try {
    const visitId = await startVisit(clinic);
    await vi.waitFor(() => untilDraft(clinic, visitId), { timeout: 60_000, interval: 20 });
    const answer = await clinic.request("clinician", { method: "GET", url: `/api/visits/${visitId}/note` });
    const { note } = NoteView.parse(answer.json());
    const bytes = chunks.reduce((sum, { payload }) => sum + payload.length + service.addedBytes, 0);
    expect(note.subjective).toContain(`3 audio files with ${bytes} bytes arrived`);
    expect(await clinic.rows("SELECT COUNT(*) AS n FROM drafts")).toEqual([{ n: 1 }]);
    expect(await clinic.rows("SELECT COUNT(*) AS n FROM scribe_jobs WHERE state = 'done'")).toEqual([{ n: 1 }]);
    return way.seen.length;
  } finally {
    await clinic.close();
    await wire.close();
  }
}

/** As the outbox does it: what is not listed is sent in order, then the end is declared; any failure is tried again. */
async function untilDraft(clinic: TestClinic<Scribe>, visitId: VisitId): Promise<void> {
  const { state } = await viewOf(clinic, visitId);
  if (state !== "processing" && state !== "draft_ready") {
    const listed = await clinic.request("clinician", { method: "GET", url: `/api/visits/${visitId}/chunks` });
    const held = new Set(listed.json().receipts.map(({ sequence }: { sequence: number }) => sequence));
    for (const chunk of chunks.filter(({ sequence }) => !held.has(sequence))) {
      expect((await putChunk(clinic, visitId, chunk)).statusCode).toBe(200);
    }
    expect((await finish(clinic, visitId, chunks)).statusCode).toBe(200);
  }
  await clinic.jobs.settled();
  await clinic.poll();
  expect((await viewOf(clinic, visitId)).state).toBe("draft_ready");
}

/** What only reads changes nothing, except the look that finds the end: the kill comes from the creation on. */
test.each(Object.entries(services))("%s, killed at every exchange", { timeout: 600_000 }, async (_name, service) => {
  const running = await openService(service);
  const exchanges = await wholeVisit(running, service, () => undefined);
  const lines = running.way.seen.slice(0, exchanges);
  const creation = lines.findIndex((line) => /POST .*\/sessions?$/u.test(line));
  expect(lines.slice(creation).length).toBeGreaterThan(5);
  for (let at = creation; at < exchanges; at += 1) {
    const isWork = lines[at]?.startsWith("POST") === true;
    for (const when of isWork ? (["before", "after"] as const) : (["after"] as const)) {
      let strikes = 0;
      const strike = async (): Promise<void> => {
        strikes += 1;
        await running.strike();
      };
      await wholeVisit(running, service, (place) => (place === at ? { strike, when } : undefined));
      expect(strikes).toBe(1);
    }
  }
});
