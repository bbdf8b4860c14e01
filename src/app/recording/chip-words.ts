/** The one status chip: the two numbers that say where the audio is, in words. */
import type { RecordingView } from "#model/recording.ts";
import { ageWords, durationWords } from "#app/words.ts";

export type ChipView = Pick<
  RecordingView,
  "phase" | "isOffRecord" | "warning" | "durableMs" | "durableAt" | "receivedMs" | "receivedAt" | "waiting"
>;

export type ChipWords = {
  tone: "live" | "warn" | "good" | "danger";
  state: string;
  kept: string;
  keptAge: string | undefined;
  received: string;
  receivedAge: string | undefined;
};

const waitingStates = {
  network: "Waiting for network",
  sign_in: "Waiting for sign-in",
  server: "Waiting for the clinic server",
  scribe: "Waiting for the scribe",
  end: "Sent in one piece when it ends",
} as const;

/** `kept` is on this device and durable; `received` is what the scribe has acknowledged. Ages are of the newest of each. */
export function chipWords(view: ChipView, nowMs: number): ChipWords {
  const { durableMs, durableAt, receivedMs, receivedAt } = view;
  return {
    tone: toneOf(view),
    state: stateWords(view),
    kept: `${durationWords(durableMs)} on this device`,
    keptAge: durableAt === null ? undefined : ageWords(nowMs - durableAt),
    received: `${durationWords(receivedMs)} received by the scribe`,
    receivedAge: receivedAt === null ? undefined : ageWords(nowMs - receivedAt),
  };
}

function toneOf({ phase, waiting, warning }: ChipView): ChipWords["tone"] {
  if (isDeaf(warning)) return "danger";
  if ((waiting !== null && waiting !== "end") || phase === "paused") return "warn";
  return phase === "recording" ? "live" : "good";
}

function stateWords({ phase, isOffRecord, waiting, warning }: ChipView): string {
  const base = isDeaf(warning) ? deafWords[warning] : isOffRecord ? "Off the record" : phaseWords[phase];
  return waiting === null ? base : `${base}. ${waitingStates[waiting]}`;
}

type Deaf = "microphone_lost" | "microphone_muted";

const deafWords: Record<Deaf, string> = {
  microphone_lost: "Microphone lost",
  microphone_muted: "Microphone muted",
};

/** Nothing of the room reaches the disk while this holds. */
function isDeaf(warning: RecordingView["warning"]): warning is Deaf {
  return warning === "microphone_lost" || warning === "microphone_muted";
}

export const phaseWords: Record<RecordingView["phase"], string> = {
  idle: "Not recording",
  preparing: "Starting",
  recording: "Recording",
  paused: "Paused",
  stopping: "Saving",
  stopped: "Saved",
};
