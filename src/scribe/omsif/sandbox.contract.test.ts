/** The contract over real HTTP, against strict servers of both revisions. */
import { createHash, createHmac } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { sendByFetch } from "#commands/send-by-fetch.ts";
import type { SandboxOmsifOptions } from "#sandbox/omsif/sandbox.ts";
import { createSandboxOmsif } from "#sandbox/omsif/sandbox.ts";
import { createFakeWaiting } from "#scribe/fake-wire.ts";
import type { OutgoingChunk, OutgoingFile } from "#scribe/scribe.ts";
import type { ScribeWorld } from "#scribe/scribe.contract.ts";
import { scribeContract } from "#scribe/scribe.contract.ts";
import { createOmsif } from "./omsif.ts";

const kinds: [string, SandboxOmsifOptions][] = [
  ["rev 1", { revision: 1 }],
  ["rev 2", { revision: 2 }],
  ["rev 2, chunks in a form field as the reference server", { revision: 2, rules: { wantsForm: true } }],
];

for (const [name, options] of kinds) scribeContract(`OMSIF sandbox, ${name}`, () => open(options));

const wav = new Uint8Array([82, 73, 70, 70]);

function toChunk(sequence: number): OutgoingChunk {
  const bytes = new Uint8Array([26, 69, 223, 163, sequence]);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { sequence, bytes, mimeType: "audio/webm;codecs=opus", sha256 };
}

async function enter(options: SandboxOmsifOptions) {
  const sandbox = await createSandboxOmsif({ post: async () => {}, ...options });
  const toWav = async ({ bytes }: OutgoingChunk) => new Uint8Array([...wav, ...bytes]);
  const apiKey = "sk_test_sandbox";
  const scribe = createOmsif({ url: sandbox.url, apiKey, send: sendByFetch, waiting: createFakeWaiting(), toWav });
  return { sandbox, scribe };
}

async function open(options: SandboxOmsifOptions): Promise<ScribeWorld> {
  const { sandbox, scribe } = await enter(options);
  return {
    scribe,
    chunks: [0, 1, 2].map(toChunk),
    cannotLookBeforeEnd: true,
    files: (job) => sandbox.controls.sessions().find(({ id }) => id === job.id)?.audio.length ?? 0,
    ended: async () => {},
    expire: async () => sandbox.controls.expire(),
    close: () => sandbox.close(),
  };
}

async function enterForTest(options: SandboxOmsifOptions) {
  const world = await enter(options);
  onTestFinished(() => world.sandbox.close());
  return world;
}

const target = { url: "https://emr.hospital.org/webhooks/incoming", secret: "sandbox-webhook-secret" };

test("a chunk the service cannot read arrives as WAV", async () => {
  const { sandbox, scribe } = await enterForTest({ revision: 1 });
  const job = await scribe.open("visit.1");
  await scribe.send(job, toChunk(7));
  expect(sandbox.controls.sessions()[0]?.audio).toMatchObject([{ sizeBytes: wav.length + 5 }]);
});

test("rev 2 writes the three templates that we know and names the rest", async () => {
  const { scribe } = await enterForTest({
    revision: 2,
    script: {
      soap: { subjective: "Cough.", objective: "", assessment: "", plan: "Rest." },
      medications: [{ name: "Ibuprofen", action: "start" }],
      transcript: "Doctor: Good morning.\nPatient: I cough.",
    },
  });
  const job = await scribe.open("visit.1");
  await scribe.send(job, toChunk(0));
  expect(await scribe.read(await scribe.finish(job, 1))).toMatchObject({
    state: "done",
    result: {
      note: { subjective: "Cough.", plan: "Rest." },
      medications: [{ name: "Ibuprofen", action: "start" }],
      transcript: { turns: [{ speaker: "clinician" }, { speaker: "patient" }] },
    },
  });
});

test("short audio is answered at once, longer audio later, and both jobs can be read again", async () => {
  const { sandbox, scribe } = await enterForTest({ revision: 1, rules: { features: ["sync", "async"] } });
  expect(await scribe.abilities()).toMatchObject({
    wants: "whole_file",
    audioFormats: ["audio/wav", "audio/mpeg", "audio/mp4", "audio/aac"],
  });
  await expect(scribe.send(await scribe.open("visit.0"), toChunk(0))).rejects.toMatchObject({
    problem: { code: "scribe_refused", detail: "the service takes whole files only" },
  });
  await scribe.notifyAt?.(target);
  const short = await scribe.sendWhole!(await scribe.open("visit.1"), wholeFile(59_000));
  expect(short.status).toMatchObject({
    state: "done",
    result: { note: { subjective: expect.stringContaining("8 bytes") } },
  });
  sandbox.controls.hold();
  const long = await scribe.sendWhole!(await scribe.open("visit.2"), wholeFile(61_000));
  expect(long.status).toBeNull();
  expect(await scribe.read(long.job)).toMatchObject({ state: "processing" });
  sandbox.controls.release();
  expect(await scribe.read(long.job)).toMatchObject({ state: "done" });
  expect(await scribe.read(short.job)).toMatchObject({ state: "done" });
});

test("longer audio without an address to call back is refused before it travels", async () => {
  const { sandbox, scribe } = await enterForTest({ revision: 1, rules: { features: ["sync", "async"] } });
  const job = await scribe.open("visit.1");
  await expect(scribe.sendWhole!(job, wholeFile(61_000))).rejects.toMatchObject({
    problem: { code: "scribe_refused" },
  });
  expect(sandbox.controls.jobs()).toEqual([]);
});

test("the result is announced to the address that went along, signed over its raw body", async () => {
  const posted: { headers: Record<string, string>; body: string }[] = [];
  const { sandbox, scribe } = await enterForTest({
    revision: 2,
    post: async (url, headers, body) => {
      expect(url).toBe(target.url);
      posted.push({ headers, body });
    },
  });
  await scribe.notifyAt?.(target);
  sandbox.controls.deliver(2);
  const job = await scribe.open("visit.1");
  await scribe.send(job, toChunk(0));
  const ended = await scribe.finish(job, 1);
  expect(posted).toHaveLength(2);
  const [{ headers, body }] = posted as [{ headers: Record<string, string>; body: string }];
  const signature = createHmac("sha256", target.secret).update(body).digest("hex");
  expect(headers["x-scribe-signature"]).toBe(`sha256=${signature}`);
  expect(JSON.parse(body)).toMatchObject({ job_id: ended.id, status: "completed" });
});

const failures = [
  ["audio_quality_low", "audio_quality_poor"],
  ["audio_too_short", "audio_too_short"],
  ["processing_timeout", "processing_failed"],
  ["something_new", "processing_failed"],
] as const;

test.each(([1, 2] as const).flatMap((revision) => failures.map((told) => [revision, ...told] as const)))(
  "rev %i: a job that failed with %s is %s",
  async (revision, code, expected) => {
    const { sandbox, scribe } = await enterForTest({ revision });
    sandbox.controls.endAs("failed", code);
    const job = await scribe.open("visit.1");
    await scribe.send(job, toChunk(0));
    const status = await scribe.read(await scribe.finish(job, 1));
    expect(status).toMatchObject({ state: "failed", problem: { code: expected } });
    expect("onceMore" in status).toBe(code === "processing_timeout");
  },
);

test.each([1, 2] as const)(
  "rev %i: answers lost after the work was done cost a repeat and nothing else; a job that is gone is an expired one",
  async (revision) => {
    const { sandbox, scribe } = await enterForTest({ revision });
    const job = await scribe.open("visit.1");
    sandbox.controls.fault({ kind: "lose-answer", path: "/audio" });
    await scribe.send(job, toChunk(0));
    expect(sandbox.controls.sessions()).toMatchObject([{ audio: [{ sizeBytes: wav.length + 5 }] }]);
    sandbox.controls.fault({ kind: "lose-answer", path: "/commit" });
    const ended = await scribe.finish(job, 1);
    expect(sandbox.controls.jobs()).toMatchObject([{ id: ended.id }]);
    sandbox.controls.forgetJobs();
    expect(await scribe.read(ended)).toEqual({ state: "expired" });
  },
);

test.each([1, 2] as const)(
  "rev %i: a result without the note is a partial one; JSON under another name is read",
  async (revision) => {
    const { sandbox, scribe } = await enterForTest({ revision });
    sandbox.controls.mislabel();
    sandbox.controls.endAs("partial");
    const job = await scribe.open("visit.1");
    await scribe.send(job, toChunk(0));
    expect(await scribe.read(await scribe.finish(job, 1))).toMatchObject({
      state: "partial",
      missing: ["soap"],
      result: { note: { subjective: "" }, transcript: { turns: [{ words: expect.anything() }] } },
    });
  },
);

test("without a way to convert, a format outside the list is not sent at all", async () => {
  const { sandbox } = await enterForTest({ revision: 1 });
  const waiting = createFakeWaiting();
  const scribe = createOmsif({ url: sandbox.url, apiKey: "sk_test_sandbox", send: sendByFetch, waiting });
  const job = await scribe.open("visit.1");
  await expect(scribe.send(job, toChunk(0))).rejects.toMatchObject({ problem: { code: "scribe_refused" } });
  expect(sandbox.controls.sessions()).toMatchObject([{ audio: [] }]);
});

function wholeFile(durationMs: number): OutgoingFile {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array([1, 2, 3, 4]);
    yield new Uint8Array([5, 6, 7, 8]);
  }
  const sha256 = createHash("sha256").update("x").digest("hex");
  return { bytes: bytes(), sizeBytes: 8, durationMs, mimeType: "audio/wav", sha256 };
}
