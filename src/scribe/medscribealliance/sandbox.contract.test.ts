/** The contract over real HTTP, against a strict server for each form and each way of uploading. */
import { createHash } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { sendByFetch } from "#commands/send-by-fetch.ts";
import { createHandClock } from "#local-scribe/trial.ts";
import type { SandboxMsaOptions } from "#sandbox/msa/sandbox.ts";
import { createSandboxMsa, sandboxClient } from "#sandbox/msa/sandbox.ts";
import { createFakeWaiting } from "#scribe/fake-wire.ts";
import type { OutgoingChunk, OutgoingFile } from "#scribe/scribe.ts";
import type { ScribeWorld } from "#scribe/scribe.contract.ts";
import { scribeContract } from "#scribe/scribe.contract.ts";
import { createMedScribeAlliance } from "./medscribealliance.ts";

const kinds: [string, SandboxMsaOptions][] = [
  ["form A", { form: "A" }],
  ["form B, multipart", { form: "B" }],
  ["form B, raw bodies only", { form: "B", uploads: { ways: ["raw"] } }],
  ["form B, paths only, as the reference server", { form: "B", uploads: { ways: ["path"] } }],
  ["form B, presigned storage", { form: "B", uploads: { isPresigned: true } }],
  ["form C, paths", { form: "C" }],
  ["form C, storage form", { form: "C", storage: "form" }],
];

for (const [name, options] of kinds) scribeContract(`MedScribeAlliance sandbox, ${name}`, () => open(options));

function toChunk(sequence: number): OutgoingChunk {
  const bytes = new Uint8Array([26, 69, 223, 163, sequence]);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { sequence, bytes, mimeType: "audio/webm; codecs=opus", sha256 };
}

async function enter(options: SandboxMsaOptions) {
  const clock = createHandClock();
  const sandbox = await createSandboxMsa({ clock, post: async () => {}, ...options });
  const { url, tokenUrl } = sandbox;
  const who = options.form === "C" ? { oidc: { tokenUrl, ...sandboxClient } } : { apiKey: "sk_test_sandbox" };
  const at = options.form === "C" ? `${url}/voice/v1` : url;
  const waiting = { ...createFakeWaiting(), clock };
  const scribe = createMedScribeAlliance({ url: at, send: sendByFetch, waiting, ...who });
  return { sandbox, scribe, clock };
}

async function open(options: SandboxMsaOptions): Promise<ScribeWorld> {
  const { sandbox, scribe } = await enter(options);
  return {
    scribe,
    chunks: [0, 1, 2].map(toChunk),
    files: (job) => sandbox.controls.sessions().find(({ id }) => id === job.id)?.files.length ?? 0,
    ended: async () => {},
    expire: async () => sandbox.controls.expire(),
    close: () => sandbox.close(),
  };
}

async function enterForTest(options: SandboxMsaOptions) {
  const world = await enter(options);
  onTestFinished(() => world.sandbox.close());
  return world;
}

test("a token that was taken back is fetched anew, once, and the call goes on", async () => {
  const { sandbox, scribe } = await enterForTest({ form: "C" });
  const job = await scribe.open("visit.1");
  sandbox.controls.expireTokens();
  expect(await scribe.read(job)).toMatchObject({ state: "receiving" });
});

test("form C can be told that a result is not wanted; forms A and B cannot", async () => {
  const c = await enterForTest({ form: "C" });
  const job = await c.scribe.open("visit.1");
  expect(await c.scribe.cancel?.(job)).toBe(true);
  expect(c.sandbox.controls.sessions()).toMatchObject([{ status: "cancelled" }]);
  const b = await enterForTest({ form: "B" });
  expect(await b.scribe.cancel?.(await b.scribe.open("visit.1"))).toBe(false);
});

test("a partial session keeps the note and names what is missing, in every form", async () => {
  for (const form of ["A", "B", "C"] as const) {
    const { sandbox, scribe } = await enterForTest({ form });
    sandbox.controls.endAs("partial");
    const job = await scribe.open("visit.1");
    await scribe.send(job, toChunk(0));
    const status = await scribe.read(await scribe.finish(job, 1));
    expect(status).toMatchObject({ state: "partial", missing: expect.arrayContaining(["medications"]) });
    expect(status.state === "partial" && status.result.note.subjective).toContain("nobody listened");
  }
});

test("form C writes what is missing from the audio that it has; the other forms have no word for that", async () => {
  for (const form of ["A", "B", "C"] as const) {
    const { sandbox, scribe } = await enterForTest({ form });
    sandbox.controls.endAs("partial");
    const job = await scribe.open("visit.1");
    await scribe.send(job, toChunk(0));
    const ended = await scribe.finish(job, 1);
    const partial = await scribe.read(ended);
    expect(partial).toMatchObject({ state: "partial", missing: expect.arrayContaining(["medications"]) });
    expect("restAlone" in partial).toBe(form === "C");
    sandbox.controls.hold();
    const asked = await scribe.askForRest?.(ended);
    if (form !== "C") {
      expect(asked).toBeNull();
      continue;
    }
    expect(await scribe.read(asked!)).toMatchObject({ state: "processing", step: "writing" });
    // Without patience for it, what is there counts.
    expect(await scribe.read(ended)).toMatchObject({ state: "partial", missing: ["medications"] });
    sandbox.controls.release();
    expect(await scribe.read(asked!)).toMatchObject({ state: "done" });
    expect(sandbox.controls.sessions().map(({ stores }) => stores)).toEqual([1]);
  }
});

test("a service of form C that refuses, or has lost the session, is not waited for", async () => {
  const { sandbox, scribe } = await enterForTest({ form: "C" });
  sandbox.controls.endAs("partial");
  const job = await scribe.open("visit.1");
  await scribe.send(job, toChunk(0));
  const ended = await scribe.finish(job, 1);
  sandbox.controls.fault({ kind: "fail", path: "/process/template", status: 403 });
  expect(await scribe.askForRest?.(ended)).toBeNull();
  const unknown = { ...ended, id: "ses_0" };
  await expect(scribe.askForRest?.(unknown)).rejects.toMatchObject({ problem: { code: "scribe_session_expired" } });
});

test("a failed session says why, in every form", async () => {
  for (const form of ["A", "B", "C"] as const) {
    const { sandbox, scribe } = await enterForTest({ form });
    sandbox.controls.endAs("failed", "audio_quality_poor");
    const job = await scribe.open("visit.1");
    await scribe.send(job, toChunk(0));
    expect(await scribe.read(await scribe.finish(job, 1))).toMatchObject({
      state: "failed",
      problem: { code: "audio_quality_poor" },
    });
  }
});

test("an answer lost after the work was done costs a repeat and nothing else", async () => {
  for (const form of ["A", "B", "C"] as const) {
    const { sandbox, scribe } = await enterForTest({ form });
    const job = await scribe.open("visit.1");
    sandbox.controls.fault({ kind: "lose-answer", path: "/audio" });
    await scribe.send(job, toChunk(0));
    sandbox.controls.fault({ kind: "lose-answer", path: "/end" });
    const ended = await scribe.finish(job, 1);
    expect(sandbox.controls.sessions()).toMatchObject([{ files: [{ sizeBytes: 5 }] }]);
    expect(await scribe.read(ended)).toMatchObject({ state: "done" });
  }
});

test("a file the service lost is not held, and the end counts it as missing", async () => {
  const { sandbox, scribe } = await enterForTest({ form: "B" });
  const job = await scribe.open("visit.1");
  for (const sequence of [0, 1]) await scribe.send(job, toChunk(sequence));
  sandbox.controls.drop(0);
  expect(await scribe.read(job)).toEqual({ state: "receiving", held: [1] });
  await expect(scribe.finish(job, 2)).rejects.toMatchObject({ problem: { code: "chunks_missing" } });
});

test("JSON under another name is still read", async () => {
  const { sandbox, scribe } = await enterForTest({ form: "B" });
  sandbox.controls.mislabel();
  expect(await scribe.read(await scribe.open("visit.1"))).toMatchObject({ state: "receiving" });
});

test("a reader who asks while the work goes on is told so, and long polls end with the news", async () => {
  const { sandbox, scribe } = await enterForTest({ form: "C", longPollMs: 2000 });
  sandbox.controls.hold();
  const job = await scribe.open("visit.1");
  await scribe.send(job, toChunk(0));
  const ended = await scribe.finish(job, 1);
  const reading = scribe.read(ended);
  sandbox.controls.release();
  expect(await reading).toMatchObject({ state: "done" });
});

test("every form takes our webhook; A gets along without the event it does not know", async () => {
  for (const form of ["A", "B"] as const) {
    const posted: unknown[] = [];
    const post = async (_url: string, headers: Record<string, string>, body: string) => {
      expect(headers["x-msa-signature"]).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/u);
      posted.push(JSON.parse(body));
    };
    const { sandbox, scribe } = await enterForTest({ form, post });
    await scribe.notifyAt?.({ url: "https://emr.example.com/webhooks/scribe", secret: "whsec_0123456789abcdef" });
    sandbox.controls.deliver("twice");
    const job = await scribe.open("visit.1");
    await scribe.send(job, toChunk(0));
    await scribe.finish(job, 1);
    const ended = posted.filter((one) => JSON.stringify(one).includes("session.completed"));
    expect(ended).toHaveLength(2);
    expect(JSON.stringify(ended[0]).includes("nobody listened")).toBe(form === "A");
  }
});

test("a service that takes no chunks gets the visit as one file, streamed", async () => {
  const { sandbox, scribe } = await enterForTest({ form: "B", uploads: { isSingle: true } });
  expect(await scribe.abilities()).toMatchObject({ wants: "whole_file" });
  await expect(scribe.send(await scribe.open("visit.0"), toChunk(0))).rejects.toMatchObject({
    problem: { code: "scribe_refused", detail: "the service takes whole files only" },
  });
  const { job, status } = await scribe.sendWhole!(await scribe.open("visit.1"), wholeFile());
  expect(status).toBeNull();
  expect(sandbox.controls.sessions()).toMatchObject([{ files: [] }, { files: [{ sizeBytes: 8 }] }]);
  expect(await scribe.read(job)).toMatchObject({ state: "done" });
});

function wholeFile(): OutgoingFile {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array([1, 2, 3, 4]);
    yield new Uint8Array([5, 6, 7, 8]);
  }
  const sha256 = createHash("sha256").update("x").digest("hex");
  return { bytes: bytes(), sizeBytes: 8, durationMs: 300_000, mimeType: "audio/webm;codecs=opus", sha256 };
}
