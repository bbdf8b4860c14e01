/** `npm run bench`: pairs of ours against a peer in the same run, as a table of ratios. Nothing here fails a build. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BufferSource, EncodedPacketSink, Input, WEBM } from "mediabunny";
import { createSqliteStore } from "#bff/store/sqlite-store.ts";
import { findEvidence } from "#model/find-evidence.ts";
import type { Transcript } from "#model/transcript.ts";
import { createWebmReader } from "#visit/journal/read-webm.ts";

type Pair = {
  what: string;
  ours: string;
  peer: string;
  runs: number;
  oursRun(): Promise<void>;
  peerRun(): Promise<void>;
};

export async function main(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "chartside-bench-"));
  const store = await createSqliteStore(join(folder, "ours.sqlite"));
  const pairs = [storePair(folder, store), packetPair(), evidencePair()];
  console.log("| what | ours | peer | ours / peer, median of runs (lower is better) |\n|---|---|---|---|");
  for (const pair of pairs) {
    const ratio = await medianRatio(pair);
    console.log(`| ${pair.what} | ${pair.ours} | ${pair.peer} | ${ratio.toFixed(2)} |`);
  }
  await store.close();
  rmSync(folder, { recursive: true, force: true });
  return 0;
}

async function medianRatio({ runs, oursRun, peerRun }: Pair): Promise<number> {
  const ratios: number[] = [];
  for (let run = 0; run < runs; run += 1) ratios.push((await timed(oursRun)) / (await timed(peerRun)));
  return ratios.toSorted((a, b) => a - b)[Math.floor(runs / 2)] ?? Number.NaN;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

/** 200 durable writes that arrive together. */
function storePair(folder: string, store: Awaited<ReturnType<typeof createSqliteStore>>): Pair {
  const peer = new DatabaseSync(join(folder, "peer.sqlite"));
  peer.exec(
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE roles (user_id TEXT PRIMARY KEY, role TEXT)",
  );
  const sql =
    "INSERT INTO roles (user_id, role) VALUES (?, ?) ON CONFLICT (user_id) DO UPDATE SET role = excluded.role";
  const users = Array.from({ length: 200 }, (_, index) => `user-${String(index)}`);
  return {
    what: "200 durable transactions at once",
    ours: "worker with group commit",
    peer: "node:sqlite, one by one",
    runs: 9,
    oursRun: async () => {
      await Promise.all(users.map((user) => store.transact({ statements: [{ sql, params: [user, "clinician"] }] })));
    },
    peerRun: async () => {
      const insert = peer.prepare(sql);
      for (const user of users) insert.run(user, "clinician");
      return Promise.resolve();
    },
  };
}

/** Every packet of 47 s of real MediaRecorder output. */
function packetPair(): Pair {
  const bytes = new Uint8Array(readFileSync("src/visit/journal/fixtures/chromium-47s.webm"));
  return {
    what: "packets out of 47 s of WebM",
    ours: "journal/read-webm",
    peer: "mediabunny",
    runs: 9,
    oursRun: async () => {
      createWebmReader().push(bytes);
      return Promise.resolve();
    },
    peerRun: async () => {
      const track = await new Input({ source: new BufferSource(bytes), formats: [WEBM] }).getPrimaryAudioTrack();
      if (!track) throw new Error("no audio track");
      for await (const packet of new EncodedPacketSink(track).packets()) packet.data.at(0);
    },
  };
}

/** Marks and checks of a long visit, against only copying its transcript. */
function evidencePair(): Pair {
  const transcript: Transcript = { language: "en", turns: Array.from({ length: 300 }, (_, index) => turnOf(index)) };
  const lines = Array.from({ length: 10 }, (_, index) => `Pain number ${String(index)} in the left arm.`).join("\n");
  const note = { subjective: lines, objective: lines, assessment: lines, plan: lines };
  return {
    what: "evidence of a 40-sentence note on 3,000 words",
    ours: "model/find-evidence",
    peer: "structuredClone of the transcript",
    runs: 9,
    oursRun: async () => {
      findEvidence(transcript, note);
      return Promise.resolve();
    },
    peerRun: async () => {
      structuredClone(transcript);
      return Promise.resolve();
    },
  };
}

function turnOf(index: number): Transcript["turns"][number] {
  const words = `i have had some pain in my left arm for ${String(index)} days`.split(" ");
  return {
    id: `t${String(index)}`,
    speaker: "unknown",
    startMs: null,
    endMs: null,
    words: words.map((text) => ({ text, startMs: null, endMs: null, confidence: null, unclear: false })),
  };
}
