/** A visit through the clinic server to an OMSIF service over real HTTP: WebM chunks in, WAV out, a job, its webhook, a draft. */
import { createHash } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { visitChunks } from "#local-scribe/trial.ts";
import type { SandboxOmsifOptions } from "#sandbox/omsif/sandbox.ts";
import { createSandboxOmsif } from "#sandbox/omsif/sandbox.ts";
import { createFakeWaiting } from "#scribe/fake-wire.ts";
import { createOmsif } from "#scribe/omsif/omsif.ts";
import { createScribeSend } from "./upstream/scribe-send.ts";
import { createWavConverter } from "./upstream/wav-converter.ts";
import { createTestClinic, finish, putChunk, startVisit, viewOf, webhookSecret } from "./visits/test-clinic.ts";

const script = {
  soap: { subjective: "Chest pain for two days.", objective: "", assessment: "", plan: "Aspirin 81 mg once a day." },
  medications: [],
  transcript: "Patient: I have had chest pain for two days.",
};

type Delivery = { headers: Record<string, string>; body: string };

async function openWorld(options: Partial<SandboxOmsifOptions> = {}) {
  const posted: Delivery[] = [];
  const post = async (_url: string, headers: Record<string, string>, body: string) =>
    void posted.push({ headers, body });
  const sandbox = await createSandboxOmsif({ revision: 2, script, secret: webhookSecret, post, ...options });
  const wire = createScribeSend({ SCRIBE_URL: sandbox.url });
  const converter = createWavConverter();
  const { toWav } = converter;
  const waiting = createFakeWaiting();
  const scribe = createOmsif({ url: sandbox.url, apiKey: "sk_test_sandbox", send: wire.send, waiting, toWav });
  await scribe.notifyAt?.({ url: "https://clinic.example/webhooks/scribe", secret: webhookSecret });
  const clinic = await createTestClinic(scribe);
  let running = clinic;
  const restart = async () => {
    running = await running.restart();
    return running;
  };
  onTestFinished(async () => {
    await running.close();
    await wire.close();
    await converter.close();
    await sandbox.close();
  });
  const deliver = ({ headers, body }: Delivery) =>
    clinic.app.inject({
      method: "POST",
      url: "/webhooks/scribe",
      headers: { host: "localhost:3000", ...headers },
      payload: body,
    });
  return { sandbox, clinic, restart, posted, deliver };
}

const chunks = visitChunks().map((payload, sequence) => ({
  sequence,
  payload,
  sha256: createHash("sha256").update(payload).digest("hex"),
  durationMs: 16_000,
}));

test.each([1, 2] as const)(
  "revision %i: from the first chunk to a draft, told by its signed webhook",
  async (revision) => {
    const { sandbox, clinic, posted, deliver } = await openWorld({ revision });
    sandbox.controls.hold();
    const visitId = await startVisit(clinic);
    for (const chunk of chunks) expect((await putChunk(clinic, visitId, chunk)).statusCode).toBe(200);
    expect((await putChunk(clinic, visitId, chunks[1]!)).statusCode).toBe(200);
    await finish(clinic, visitId, chunks);
    await clinic.jobs.settled();
    expect(await viewOf(clinic, visitId)).toMatchObject({ state: "processing" });
    // 15 s and more of 16 kHz WAV each, in their order and once.
    const [job] = sandbox.controls.jobs();
    expect(job?.files.map(({ sizeBytes }) => sizeBytes > 400_000)).toEqual([true, true, true, true]);
    expect(sandbox.controls.sessions()).toHaveLength(1);
    sandbox.controls.deliver(2);
    sandbox.controls.release();
    for (const delivery of posted) expect((await deliver(delivery)).statusCode).toBe(204);
    await clinic.jobs.settled();
    expect(await viewOf(clinic, visitId)).toMatchObject({ state: "draft_ready" });
    const inbox = await clinic.rows("SELECT body FROM webhook_inbox");
    expect(inbox).toHaveLength(1);
    expect(Buffer.from(inbox[0]!["body"] as Uint8Array).toString()).not.toContain("Chest pain");
  },
);

test("the server that restarts between commit and result goes on with the job", async () => {
  const { sandbox, clinic, restart } = await openWorld();
  sandbox.controls.hold();
  const visitId = await startVisit(clinic);
  for (const chunk of chunks.slice(0, 2)) await putChunk(clinic, visitId, chunk);
  await finish(clinic, visitId, chunks.slice(0, 2));
  await clinic.jobs.settled();
  const again = await restart();
  sandbox.controls.release();
  await again.jobs.settled();
  await again.poll();
  expect(await viewOf(again, visitId)).toMatchObject({ state: "draft_ready" });
  expect(sandbox.controls.jobs()).toHaveLength(1);
});

test("a forged or changed webhook is refused and moves nothing", async () => {
  const { sandbox, clinic, posted, deliver } = await openWorld();
  const visitId = await startVisit(clinic);
  await putChunk(clinic, visitId, chunks[0]!);
  await finish(clinic, visitId, chunks.slice(0, 1));
  await clinic.jobs.settled();
  expect(sandbox.controls.jobs()).toHaveLength(1);
  const [{ headers, body }] = posted as [Delivery];
  const name = "x-scribe-signature";
  for (const forged of [
    { headers, body: body.replace("completed", "failed") },
    { headers: { ...headers, [name]: headers[name]!.replace("sha256=", "sha1=") }, body },
    { headers: { ...headers, [name]: "sha256=" }, body },
    { headers: { ...headers, [name]: `sha256=${"0".repeat(64)}` }, body },
  ]) {
    expect((await deliver(forged)).statusCode).toBe(401);
  }
  expect(await clinic.rows("SELECT COUNT(*) AS n FROM webhook_inbox")).toEqual([{ n: 0 }]);
  expect((await deliver({ headers, body })).statusCode).toBe(204);
});
