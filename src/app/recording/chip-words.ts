/** The one status chip: the two numbers that say where the audio is, in words. */
import type { RecordingView } from "#model/recording.ts";
import { durationWords } from "#app/words.ts";

export type ChipView = Pick<RecordingView, "phase" | "durableMs" | "receivedMs" | "waiting">;

export type ChipWords = { tone: "live" | "warn" | "good"; state: string; kept: string; received: string };

const waitingStates = {
  network: "Waiting for network",
  sign_in: "Waiting for sign-in",
  server: "Waiting for the clinic server",
  scribe: "Waiting for the scribe",
} as const;

/** `kept` is on this device and durable; `received` is what the scribe has acknowledged. */
export function chipWords({ phase, durableMs, receivedMs, waiting }: ChipView): ChipWords {
  return {
    tone: waiting !== null || phase === "paused" ? "warn" : phase === "recording" ? "live" : "good",
    state: stateWords(phase, waiting),
    kept: `${durationWords(durableMs)} on this device`,
    received: `${durationWords(receivedMs)} received by the scribe`,
  };
}

function stateWords(phase: RecordingView["phase"], waiting: RecordingView["waiting"]): string {
  const base = phaseWords[phase];
  return waiting === null ? base : `${base}. ${waitingStates[waiting]}`;
}

export const phaseWords: Record<RecordingView["phase"], string> = {
  idle: "Not recording",
  preparing: "Starting",
  recording: "Recording",
  paused: "Paused",
  stopping: "Saving",
  stopped: "Saved",
};
