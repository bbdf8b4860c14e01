/**
 * Hears one session: chunks in order -> one decoder -> the speech gate -> one run of the engine -> turns. Each turn is given out as soon as it is
 * known. Nothing is kept here: after a crash the same chunks give the same turns again.
 */
import type { Turn } from "#model/transcript.ts";
import { openAudioFile } from "#local-scribe/decode/audio-file.ts";
import { createSessionDecoder } from "#local-scribe/decode/decoder.ts";
import type { Heard, SpeechEngine, SpeechRun } from "./speech-engine.ts";
import { createSpeechGate, type SpeechGate } from "./speech-gate.ts";
import type { SpeechEvidence } from "./speech-timeline.ts";

export type Hearing = {
  engine: SpeechEngine;
  /** The stored chunks in order; ends when no more will come. */
  chunks: AsyncIterable<Uint8Array>;
  onTurn(turn: Turn): void;
  /** Gives up at once: the engine is closed and `hear` rejects. */
  stop: AbortSignal;
};

/** Resolves when all is heard; rejects with `processing_failed` when the engine dies, or with what `chunks` throws. */
export async function hear(hearing: Hearing): Promise<SpeechEvidence> {
  const gate = createSpeechGate();
  let count = 0;
  const run = hearing.engine.open((heard) => {
    hearing.onTurn(toTurn(heard, `s${count}`, gate));
    count += 1;
  });
  hearing.stop.addEventListener("abort", run.close);
  try {
    await feed(hearing.chunks, gate, run);
    await run.finish();
    return gate.evidence();
  } finally {
    hearing.stop.removeEventListener("abort", run.close);
    run.close();
  }
}

async function feed(chunks: AsyncIterable<Uint8Array>, gate: SpeechGate, run: SpeechRun): Promise<void> {
  const decoder = await createSessionDecoder();
  try {
    for await (const bytes of chunks) {
      for (const samples of decoder.decode(await openAudioFile(bytes))) await run.write(gate.push(samples));
    }
    await run.write(gate.end());
  } finally {
    decoder.close();
  }
}

/** Nobody told who speaks. Words where the gate found no voice are an engine's guess at some other sound. */
function toTurn(heard: Heard, id: string, gate: SpeechGate): Turn {
  const { startMs, endMs } = heard;
  const isVoiced = startMs === null || endMs === null || gate.hasVoice(startMs, endMs);
  const words = isVoiced ? heard.words : heard.words.map((word) => ({ ...word, unclear: true }));
  return { id, speaker: "unknown", startMs, endMs, words };
}
