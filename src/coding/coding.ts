/** The port to a service that reads diagnosis codes out of a note. Web-standard only: how bytes travel is given. */
import type { Clock } from "#model/clock.ts";
import type { CodeSuggestions } from "#model/code-suggestion.ts";

export type CodingRequest = {
  method: "POST";
  url: string;
  headers: Record<string, string>;
  body: string;
  /** Queueing and the whole answer included. Rejects with `timed_out`. */
  deadlineMs: number;
};
/** Header names are in lower case. */
export type CodingAnswer = { status: number; headers: Record<string, string>; body: Uint8Array };
export type CodingSend = (request: CodingRequest) => Promise<CodingAnswer>;

/** Time and chance as replaceable objects, so that tests neither wait nor gamble. */
export type CodingWaiting = {
  clock: Clock;
  wait(ms: number): Promise<void>;
  /** 0 <= x < 1. */
  random(): number;
};

/** `doctor` and `patient` are opaque ids for the service's audit, never names. `text` is the note. */
export type Codable = { text: string; doctor: string; patient: string };

export type Coding = {
  /**
   * May take minutes. Throws `coding_note_too_large` (without asking), `rate_limited`, `coding_down`, `coding_timed_out`,
   * `coding_refused` or `coding_answer_unreadable`; never a word of what the service answered.
   */
  suggest(codable: Codable): Promise<CodeSuggestions>;
};
