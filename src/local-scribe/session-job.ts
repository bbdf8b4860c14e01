/**
 * One session's work: hear its audio while it arrives, write the note when it has ended. Out: its transcript, then its outcome, both durable. Run
 * again after a crash it goes on from there: with a stored transcript it only writes, without one it hears every chunk again.
 */
import type { Clock } from "#model/clock.ts";
import { toProblem } from "#model/problem.ts";
import type { Transcript, Turn } from "#model/transcript.ts";
import type { MsaEvent } from "#protocol/medscribealliance-service.ts";
import { chunksInOrder, missingFiles, Stopped } from "./chunks-in-order.ts";
import { languages } from "./models.ts";
import type { NoteWriter } from "./note-writer.ts";
import type { Signal } from "./signal.ts";
import type { AudioFiles } from "./store/audio-files.ts";
import type { Outcome, Session } from "./store/session.ts";
import type { SessionStore } from "./store/sessions.ts";
import { knownTemplates } from "./template-results.ts";
import { hear } from "./transcribe/hear.ts";
import { judgeSpeech } from "./transcribe/judge-speech.ts";
import type { SpeechEngine } from "./transcribe/speech-engine.ts";
import type { SpeechEvidence } from "./transcribe/speech-timeline.ts";

/** An engine that dies is tried again from the first chunk, once: the cause may have been the machine. */
const hearings = 2;

export type JobNeeds = {
  store: SessionStore;
  audio: AudioFiles;
  clock: Clock;
  speech: SpeechEngine;
  writer: NoteWriter;
  /** Call it in the transaction of the change. */
  announce(event: MsaEvent, sessionId: string): void;
  transaction<T>(work: () => T): T;
  /** Told of faults with codes and ids only. */
  report(fault: { sessionId: string; code: string; detail?: string | undefined }): void;
  /** The server closes. */
  closing: AbortSignal;
};

/** `turns` are those heard so far; `signal` rings when the session changed. */
export type Job = { id: string; turns: Turn[]; signal: Signal };

/** Rejects only when nothing can be stored. The audio is erased once the session is final. */
export async function runJob(needs: JobNeeds, job: Job): Promise<void> {
  try {
    finish(needs, job, await work(needs, job));
  } catch (thrown) {
    if (!isStopped(needs, job)) {
      reportFault(needs, job, thrown);
      finish(needs, job, { kind: "failed", code: "processing_failed", message: "The audio could not be processed" });
    }
  }
  if (needs.store.find(job.id)?.finishedAt !== null) await needs.audio.erase(job.id);
}

async function work(needs: JobNeeds, job: Job): Promise<Outcome> {
  const known = needs.store.find(job.id)?.transcript;
  if (known) return write(needs, job, known);
  const fault = judgeSpeech(await hearTwice(needs, job), job.turns);
  if (fault) return { kind: "failed", ...fault };
  const transcript = { turns: job.turns, language: languages[0] ?? null };
  needs.store.keepTranscript(job.id, transcript);
  return write(needs, job, transcript);
}

async function hearTwice(needs: JobNeeds, job: Job): Promise<SpeechEvidence> {
  const { store, audio, speech, closing } = needs;
  const { id: sessionId, signal } = job;
  for (let hearing = 1; ; hearing++) {
    job.turns = [];
    const chunks = chunksInOrder({ sessionId, store, audio, signal, isStopped: () => isStopped(needs, job) });
    try {
      return await hear({ engine: speech, chunks, onTurn: (turn) => job.turns.push(turn), stop: closing });
    } catch (thrown) {
      if (hearing === hearings || isStopped(needs, job)) throw thrown;
      reportFault(needs, job, thrown);
    }
  }
}

/** A session that was never ended can expire, a server can close. */
function isStopped(needs: JobNeeds, job: Job): boolean {
  return needs.closing.aborted || (needs.store.find(job.id)?.state ?? "expired") === "expired";
}

async function write(needs: JobNeeds, job: Job, transcript: Transcript): Promise<Outcome> {
  const places = needs.store.chunks(job.id).map(({ place }) => place);
  const missing = missingFiles(places, needs.store.find(job.id)?.filesSent ?? null);
  try {
    const written = await Promise.race([needs.writer.write(transcript), stopped(needs.closing)]);
    return { kind: "written", ...written, missing };
  } catch (thrown) {
    if (needs.closing.aborted) throw thrown;
    reportFault(needs, job, thrown);
    return { kind: "unwritten", missing };
  }
}

function stopped(closing: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    closing.addEventListener("abort", () => reject(new Stopped()), { once: true });
  });
}

function finish(needs: JobNeeds, job: Job, outcome: Outcome): void {
  const session = needs.store.find(job.id);
  if (session === undefined) return;
  const state = finalState(session, outcome);
  needs.transaction(() => {
    needs.store.finish(job.id, { state, outcome, at: needs.clock.now() });
    needs.announce(`session.${state}`, job.id);
  });
}

function finalState(session: Session, outcome: Outcome): "completed" | "partial" | "failed" {
  if (outcome.kind === "failed") return "failed";
  const isWhole = outcome.kind === "written" && outcome.missing.length === 0;
  return isWhole && session.request.templates.every((id) => knownTemplates.has(id)) ? "completed" : "partial";
}

function reportFault(needs: JobNeeds, job: Job, thrown: unknown): void {
  const { code, detail } = toProblem(thrown);
  needs.report({ sessionId: job.id, code, detail });
}
