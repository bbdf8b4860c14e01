import { type Turn, turnText } from "#model/transcript.ts";

const speakerLabel = { clinician: "Doctor: ", patient: "Patient: ", unknown: "" };

/** §8: one line per turn, named only where the speaker is known. */
export function plainTranscript(turns: Turn[]): string {
  return turns.map((turn) => speakerLabel[turn.speaker] + turnText(turn)).join("\n");
}
