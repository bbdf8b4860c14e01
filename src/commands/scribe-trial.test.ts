/** The trial tells good services from bad ones, over real HTTP. */
import { createHash } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { createSandboxMsa, sandboxClient } from "#sandbox/msa/sandbox.ts";
import type { SandboxMsaOptions } from "#sandbox/msa/sandbox.ts";
import { createSandboxOmsif } from "#sandbox/omsif/sandbox.ts";
import { createScribe } from "#scribe/discover.ts";
import { createFakeWaiting } from "#scribe/fake-wire.ts";
import type { OutgoingChunk, OutgoingFile, Scribe } from "#scribe/scribe.ts";
import { sendByFetch } from "./send-by-fetch.ts";
import type { Row } from "./scribe-trial.ts";
import { tryScribe } from "./scribe-trial.ts";

const bytes = new Uint8Array([26, 69, 223, 163]);
const sha256 = createHash("sha256").update(bytes).digest("hex");

async function* stream(): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function tried(scribe: Scribe) {
  const rows: Row[] = [];
  const chunks: OutgoingChunk[] = [0, 1].map((sequence) => ({
    sequence,
    bytes,
    mimeType: "audio/webm;codecs=opus",
    sha256,
  }));
  const file = (): OutgoingFile => ({
    bytes: stream(),
    sizeBytes: 4,
    durationMs: 30_000,
    mimeType: "audio/wav",
    sha256,
  });
  let pauses = 0;
  const pause = async () => {
    pauses += 1;
    if (pauses > 5) throw new Error("no end");
  };
  const isGood = await tryScribe({ scribe, chunks, file, pause }, (row) => rows.push(row));
  const verdict = (question: string) => rows.find((row) => row.question.startsWith(question))?.verdict;
  return { isGood, rows, verdict };
}

async function msa(options: SandboxMsaOptions) {
  const sandbox = await createSandboxMsa({ post: async () => {}, ...options });
  onTestFinished(() => sandbox.close());
  const { url, tokenUrl } = sandbox;
  const who = options.form === "C" ? { oidc: { tokenUrl, ...sandboxClient } } : { apiKey: "sk_test_sandbox" };
  const at = options.form === "C" ? `${url}/voice/v1` : url;
  const waiting = createFakeWaiting();
  return { sandbox, scribe: createScribe({ url: at, protocol: "auto", send: sendByFetch, waiting, ...who }) };
}

test.each(["A", "B", "C"] as const)("form %s is good, and the table says what it lacks", async (form) => {
  const { scribe } = await msa({ form });
  const { isGood, verdict } = await tried(scribe);
  expect(isGood).toBe(true);
  expect(verdict("takes the same chunk again")).toBe("yes");
  expect(verdict("lists what it holds")).toBe(form === "A" ? "absent" : "yes");
  expect(verdict("can be told to drop a job")).toBe(form === "C" ? "yes" : "absent");
  expect(verdict("lists medicines")).toBe("absent");
  expect(verdict("says by webhook")).toBe(form === "C" ? "absent" : "yes");
});

test.each([1, 2] as const)("OMSIF revision %i is good, in one file too", async (revision) => {
  for (const rules of revision === 1 ? [{}, { features: ["sync", "async"] }] : [{}]) {
    const sandbox = await createSandboxOmsif({ revision, rules, post: async () => {} });
    onTestFinished(() => sandbox.close());
    const toWav = async () => bytes;
    const waiting = createFakeWaiting();
    const scribe = createScribe({
      url: sandbox.url,
      protocol: "auto",
      apiKey: "sk_test_sandbox",
      send: sendByFetch,
      waiting,
      toWav,
    });
    expect(await tried(scribe)).toMatchObject({ isGood: true });
  }
});

test.each([
  ["loses a chunk", "lists what it holds", loseWhenRead],
  ["writes half", "gives the whole result", ({ sandbox }) => sandbox.controls.endAs("partial")],
  ["fails", "gives a result", ({ sandbox }) => sandbox.controls.endAs("failed", "audio_quality_poor")],
  ["never ends", "the trial stopped here", ({ sandbox }) => sandbox.controls.hold()],
  ["is down", "the trial stopped here", ({ sandbox }) => sandbox.controls.goDown()],
] satisfies [string, string, (world: Awaited<ReturnType<typeof msa>>) => void][])(
  "a service that %s is not good, and the row says so",
  async (_name, question, spoil) => {
    const world = await msa({ form: "B" });
    spoil(world);
    const { isGood, verdict } = await tried(world.scribe);
    expect(isGood).toBe(false);
    expect(verdict(question)).toBe("no");
  },
);

/** Once the last chunk is there, the first is gone. */
function loseWhenRead({ sandbox, scribe }: Awaited<ReturnType<typeof msa>>): void {
  const { send } = scribe;
  scribe.send = async (job, chunk) => {
    await send(job, chunk);
    if (chunk.sequence === 1) sandbox.controls.drop(0);
  };
}
