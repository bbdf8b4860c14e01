/**
 * A scribe service of one's own: MedScribeAlliance on the outside, a speech engine and a note writer inside. This file ties the parts together.
 * What is acknowledged survives a crash: chunks as files, sessions, results and undelivered notifications in one SQLite database.
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type Clock, systemClock } from "#model/clock.ts";
import { toProblem } from "#model/problem.ts";
import { createHttpApp } from "./http/app.ts";
import { defaultModels, type ScribeModel } from "./models.ts";
import type { NoteWriter } from "./note-writer.ts";
import { createScribeWork } from "./scribe-work.ts";
import { createSessions } from "./sessions.ts";
import { type AudioFiles, createAudioFiles } from "./store/audio-files.ts";
import { inTransaction, openDatabase } from "./store/database.ts";
import { createSessionStore, type SessionStore } from "./store/sessions.ts";
import { createWebhookStore } from "./store/webhooks.ts";
import type { SpeechEngine } from "./transcribe/speech-engine.ts";
import { createWebhooks, type Post } from "./webhooks.ts";

export type LocalScribeOptions = {
  dataDir: string;
  speech: SpeechEngine;
  writer: NoteWriter;
  /** 127.0.0.1 and any free port unless said otherwise. */
  host?: string;
  port?: number;
  publicUrl?: string | undefined;
  apiKeys?: string[];
  models?: ScribeModel[];
  clock?: Clock;
  post?: Post;
  logTo?: { write(line: string): void };
  /** Keep the audio of finished sessions; otherwise it is erased with the result. */
  keepsAudio?: boolean;
};

export type LocalScribe = {
  url: string;
  /** Expires, delivers and forgets what the clock says is due; also happens by itself twice a second. */
  tick(): Promise<void>;
  close(): Promise<void>;
};

const tickMs = 500;
/** Transcripts and notes are kept for a client that was away; its own copy is the record. */
const keepResultsMs = 7 * 24 * 3_600_000;

/** Starts a scribe on a data directory; takes up what an earlier one left unfinished there. */
export async function createLocalScribe(options: LocalScribeOptions): Promise<LocalScribe> {
  const clock = options.clock ?? systemClock;
  const database = openDatabase(options.dataDir);
  const store = createSessionStore(database);
  const audio = createAudioFiles(options.dataDir, { keeps: options.keepsAudio === true });
  const webhooks = createWebhooks({ store: createWebhookStore(database), clock, post: options.post ?? post });
  const transaction = <T>(work: () => T): T => inTransaction(database, work);
  const announce = webhooks.announce;
  const report = (fault: object) => options.logTo?.write(`${JSON.stringify({ ...fault, time: clock.now() })}\n`);

  const { speech, writer } = options;
  const work = createScribeWork({ store, audio, clock, speech, writer, announce, transaction, report });
  const sessions = createSessions({ store, audio, clock, announce, transaction, wake: work.wake });
  const app = await createHttpApp({
    sessions,
    webhooks,
    work,
    engines: { speech: speech.name, note_writer: writer.name },
    models: options.models ?? defaultModels,
    apiKeys: options.apiKeys ?? ["sk_test_chartside"],
    publicUrl: options.publicUrl,
    logTo: options.logTo,
  });

  async function tick(): Promise<void> {
    sessions.expireOverdue();
    store.removeFinishedBefore(clock.now() - keepResultsMs);
    await webhooks.deliverDue();
  }

  await eraseFinishedAudio(options.dataDir, store, audio);
  work.resume();
  const url = await app.listen({ host: options.host ?? "127.0.0.1", port: options.port ?? 0 });
  const timer = setInterval(() => void tick().catch((thrown) => report(toProblem(thrown))), tickMs);
  return {
    url,
    tick,
    async close() {
      clearInterval(timer);
      webhooks.close();
      await app.close();
      await work.close();
      database.close();
    },
  };
}

/** A crash may have come between the end of a session and the erasing of its audio. */
async function eraseFinishedAudio(dataDir: string, store: SessionStore, audio: AudioFiles): Promise<void> {
  const held = await readdir(join(dataDir, "audio")).catch(() => []);
  const isUnfinished = (id: string) => store.find(id)?.finishedAt === null;
  const finished = held.filter((id) => !isUnfinished(id));
  await Promise.all(finished.map((id) => audio.erase(id)));
}

const post: Post = async (url, headers, body) => {
  const answer = await fetch(url, {
    method: "POST",
    headers,
    body,
    redirect: "error",
    signal: AbortSignal.timeout(30_000),
  });
  await answer.body?.cancel();
  return answer.status;
};
