/** For tests: a scribe on a directory of its own, and a client that speaks to it. */
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "#model/clock.ts";
import { emptyNote } from "#model/note.ts";
import type { Transcript } from "#model/transcript.ts";
import { turnText } from "#model/transcript.ts";
import { MsaSession, MsaSessionCreated } from "#protocol/medscribealliance.ts";
import type { NoteWriter } from "./note-writer.ts";
import type { SpeechEngine } from "./transcribe/speech-engine.ts";
import { hasPocketsphinx } from "./transcribe/pocketsphinx.ts";

export const apiKey = "sk_test_chartside";

/** A clock that stands still until it is moved. */
export function createHandClock(start = Date.UTC(2026, 10, 20, 15)): Clock & { advance(ms: number): void } {
  let now = start;
  return {
    now: () => now,
    advance(ms) {
      now += ms;
    },
  };
}

export function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), "local-scribe-"));
}

/** The four chunks of a real recording: the chest-pain visit through Chromium's MediaRecorder, cut at packets. */
export function visitChunks(): Buffer<ArrayBuffer>[] {
  const read = (place: number) => readFileSync(new URL(`fixtures/chest-pain/audio_${place}.webm`, import.meta.url));
  return [0, 1, 2, 3].map((place) => Buffer.from(read(place)));
}

/** Puts everything said into the subjective section. */
export const quotingWriter: NoteWriter = {
  name: "quoting",
  write: async (transcript: Transcript) => ({
    note: { ...emptyNote, subjective: transcript.turns.map(turnText).join(". ") },
    medications: [],
  }),
};

/** Hears `word` once for every second of audio; for tests of everything but hearing. */
export function createCountingEngine(word = "second"): SpeechEngine {
  return {
    name: "counting",
    open(onHeard) {
      let samples = 0;
      return {
        write: async (more) => void (samples += more.length),
        finish: async () => {
          const words = Array.from({ length: Math.floor(samples / 16_000) }, (_, second) => ({
            text: word,
            startMs: second * 1000,
            endMs: second * 1000 + 900,
            confidence: 1,
            unclear: false,
          }));
          onHeard({ startMs: 0, endMs: words.length * 1000, words });
        },
        close: () => undefined,
      };
    },
  };
}

/** Fails in words when the program that these tests are about is not installed. */
export function needPocketsphinx(): void {
  if (!hasPocketsphinx()) throw new Error("These tests need the Debian packages pocketsphinx and pocketsphinx-en-us");
}

type Call = { method?: string; headers?: Record<string, string>; body?: string | FormData | Uint8Array<ArrayBuffer> };

/** A client of one scribe. */
export function createTrialClient(url: string) {
  const call = (path: string, { method = "GET", headers = {}, body }: Call = {}) =>
    fetch(path.startsWith("http") ? path : `${url}${path}`, {
      method,
      headers: { "x-api-key": apiKey, ...headers },
      ...(body !== undefined && { body }),
    });
  const postJson = (path: string, body: unknown) =>
    call(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  const read = async (id: string) => {
    const answer = await call(`/v1/sessions/${id}`);
    return { status: answer.status, session: MsaSession.parse(await answer.json()) };
  };

  return {
    call,
    postJson,
    read,
    async create(more: object = {}): Promise<string> {
      const answer = await postJson("/v1/sessions", { templates: ["soap", "medications"], ...more });
      return MsaSessionCreated.parse(await answer.json()).session_id;
    },
    send: (id: string, place: number, bytes: Uint8Array<ArrayBuffer>) =>
      call(`/v1/sessions/${id}/audio`, {
        method: "POST",
        headers: { "content-type": "audio/webm;codecs=opus", "x-chunk-index": String(place) },
        body: bytes,
      }),
    end: (id: string, filesSent: number) => postJson(`/v1/sessions/${id}/end`, { audio_files_sent: filesSent }),
    /** Asks until `isEnough` says so. */
    async readUntil(id: string, isEnough: (session: MsaSession) => boolean): Promise<MsaSession> {
      for (;;) {
        const { session } = await read(id);
        if (isEnough(session)) return session;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    finished(id: string): Promise<MsaSession> {
      return this.readUntil(id, ({ status }) => ["completed", "partial", "failed", "expired"].includes(status));
    },
  };
}
