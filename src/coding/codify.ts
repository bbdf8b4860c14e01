/**
 * The adapter to OmniScribe Codify. In: the address, the token and a way to send. Out: the coding port. It keeps nothing, and each
 * call is the whole of a job: who asks again asks anew, because the service knows no idempotency key.
 */
import type { CodeSuggestion, CodeSuggestions } from "#model/code-suggestion.ts";
import { problem, ProblemError } from "#model/problem.ts";
import type { CodifyModel, CodifyRequest } from "#protocol/codify.ts";
import { CodifyAnswer, maxMedicalNoteBytes } from "#protocol/codify.ts";
import { isWorthAgain, jsonOf, problemOf } from "./answer-problem.ts";
import type { Codable, Coding, CodingAnswer, CodingRequest, CodingSend, CodingWaiting } from "./coding.ts";

export type CodifyOptions = {
  /** The base that the service was contracted under; `/v1/codify` is added. */
  url: string;
  token: string;
  model: CodifyModel;
  send: CodingSend;
  waiting: CodingWaiting;
};

/** The service's own limit for a run. */
export const deadlineMs = 600_000;
const pausesMs = [1000, 2000, 4000];
/** A service that asks for a longer pause than a whole run may take is given up, with its wish told. */
const longestPauseMs = deadlineMs;

export function createCodify(options: CodifyOptions): Coding {
  return {
    suggest: async (codable) => {
      checkNote(codable.text);
      const answer = await patiently(options, requestOf(options, codable));
      if (answer.status !== 200) throw problemOf(answer, options.waiting.clock);
      return suggestionsOf(answer);
    },
  };
}

/** Throws `coding_note_too_large` for more than the service takes, and `invalid_request` for nothing; both name the field. */
export function checkNote(text: string): void {
  if (text.trim() === "") throw problem("invalid_request", { field: "medical_note" });
  const bytes = new TextEncoder().encode(text).length;
  if (bytes <= maxMedicalNoteBytes) return;
  throw problem("coding_note_too_large", {
    field: "medical_note",
    detail: `${bytes} bytes, at most ${maxMedicalNoteBytes}`,
  });
}

function requestOf({ url, token, model }: CodifyOptions, { text, doctor, patient }: Codable): CodingRequest {
  const body: CodifyRequest = { medical_note: text, model };
  return {
    method: "POST",
    url: `${url.replace(/\/+$/u, "")}/v1/codify`,
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      accept: "application/json",
      "user-agent": "Chartside",
      "x-doctor": doctor,
      "x-patient": patient,
    },
    body: JSON.stringify(body),
    deadlineMs,
  };
}

/** Three more tries after pauses of 1, 2 and 4 s with full jitter, a whole `Retry-After` honoured. Resolves with what is no use repeating. */
async function patiently({ send, waiting }: CodifyOptions, request: CodingRequest): Promise<CodingAnswer> {
  for (const ceilingMs of pausesMs) {
    const outcome = await once(send, request);
    const told = "status" in outcome ? problemOf(outcome, waiting.clock) : outcome;
    if ("status" in outcome && !isWorthAgain(outcome)) return outcome;
    const pauseMs = Math.max(waiting.random() * ceilingMs, told.problem.retryAfterMs ?? 0);
    if (pauseMs > longestPauseMs) throw told;
    await waiting.wait(pauseMs);
  }
  const last = await once(send, request);
  if ("status" in last) return last;
  throw last;
}

/** An answer, or that nobody answered. A run that took too long is thrown: another one would take as long. */
async function once(send: CodingSend, request: CodingRequest): Promise<CodingAnswer | ProblemError> {
  try {
    return await send(request);
  } catch (thrown) {
    if (!(thrown instanceof ProblemError)) return problem("coding_down", {}, thrown);
    if (thrown.problem.code === "timed_out") throw problem("coding_timed_out", {}, thrown);
    if (thrown.problem.code !== "coding_down") throw thrown;
    return thrown;
  }
}

function suggestionsOf(answer: CodingAnswer): CodeSuggestions {
  const parsed = CodifyAnswer.safeParse(jsonOf(answer));
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.filter((key) => typeof key === "number" || isField(String(key))) ?? [];
    throw problem("coding_answer_unreadable", { detail: `at "${where.join(".")}"` });
  }
  const { final_code_assessments: suggested, discarded_code_assessments: discarded, run_id: runId } = parsed.data;
  return { suggested: suggested.map(toSuggestion), discarded: discarded.map(toSuggestion), runId: runId ?? null };
}

function isField(word: string): boolean {
  return /^[a-z_]{1,40}$/u.test(word);
}

type Assessment = CodifyAnswer["final_code_assessments"][number];

function toSuggestion(told: Assessment): CodeSuggestion {
  const { code, description, justification, confidence_percent: confidence } = told;
  return { code: code.toUpperCase(), description, justification, confidence };
}
