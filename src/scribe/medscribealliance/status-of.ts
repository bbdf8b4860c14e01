/** A session as the port's status (§9): unknown states are not final; completed, partial, failed and expired are. */
import type { ExtraTemplate, Provenance } from "#model/note.ts";
import { emptyNote } from "#model/note.ts";
import type { Transcript } from "#model/transcript.ts";
import type { ProcessingStep } from "#model/visit.ts";
import type { MsaSession } from "#protocol/medscribealliance.ts";
import { toMedications, toNote } from "#scribe/draft-parts.ts";
import type { ScribeResult, ScribeStatus } from "#scribe/scribe.ts";
import { restOf } from "./ask-for-rest.ts";
import type { Discovered } from "./discovery.ts";
import { failureOf } from "./problem-of.ts";
import { sequenceOf } from "./held-files.ts";
import type { TemplateOutcome } from "./templates-of.ts";
import { templatesOf } from "./templates-of.ts";
import { transcriptOf } from "./transcript-of.ts";

const receiving = new Set(["created", "initialized", "recording"]);

/** `awaitsRest`: what it had not finished was asked for a while ago; a template in progress is then no end. */
type Asking = { awaitsRest: boolean; hasWordForRest: boolean };

/** Throws `scribe_answer_unreadable` when a finished session's note cannot be read. */
export function statusOf(
  session: MsaSession,
  found: Discovered,
  asking: Asking = { awaitsRest: false, hasWordForRest: false },
): ScribeStatus {
  if (receiving.has(session.status)) return { state: "receiving", held: heldOf(session), ...heardIn(session) };
  switch (session.status) {
    case "expired":
      return { state: "expired" };
    case "failed":
      return { state: "failed", problem: failureOf(session.error?.code) };
    case "completed":
    case "partial":
      return ended(session, found, asking);
    default:
      return { state: "processing", step: stepOf(session), transcript: transcriptOf(session) };
  }
}

/** Segments while the session still runs are an extension; an empty text beside them is what form C says all along. */
function heardIn(session: MsaSession): { heard?: Transcript } {
  const heard = session.transcript_segments || session.transcript ? transcriptOf(session) : null;
  return heard === null ? {} : { heard };
}

/** The sequences that the service lists, ascending; null when it lists nothing (dialect A). */
export function heldOf(session: MsaSession): number[] | null {
  if (!session.audio_files) return null;
  const held = new Set(session.audio_files.map(sequenceOf).filter((sequence) => sequence !== undefined));
  return [...held].sort((a, b) => a - b);
}

function stepOf(session: MsaSession): ProcessingStep {
  const step = session.progress?.step;
  if (step === "done") return "writing";
  if (step !== undefined) return step;
  return session.transcript ? "writing" : "transcribing";
}

/** Without a note there is still a transcript to write from; without either, or with too little speech, the work failed. */
function ended(session: MsaSession, found: Discovered, asking: Asking): ScribeStatus {
  const templates = templatesOf(session);
  const soap = templates.get("soap") ?? { state: "failed", code: session.error?.code };
  const transcript = transcriptOf(session) ?? { turns: [], language: null };
  if (isStillWriting(session, templates, asking)) return { state: "processing", step: "writing", transcript };
  if (soap.value === undefined && !hasWordsToWriteFrom(soap, transcript)) {
    return { state: "failed", problem: failureOf(soap.code) };
  }
  const provenance = provenanceOf(session, found);
  const result = resultOf(templates, soap.value, { transcript, provenance });
  const missing = missingOf(session, templates);
  if (missing.length === 0) return { state: "done", result };
  const restAlone = asking.hasWordForRest && restOf(session) !== undefined;
  return { state: "partial", result, missing, ...(restAlone && { restAlone }) };
}

/** Form C calls a session completed while a template is still being written. */
function isStillWriting(session: MsaSession, templates: Map<string, TemplateOutcome>, { awaitsRest }: Asking): boolean {
  if (awaitsRest && [...templates.values()].some(({ state }) => state === "processing")) return true;
  return session.status === "completed" && templates.get("soap")?.state === "processing";
}

type Around = Pick<ScribeResult, "transcript" | "provenance">;

function resultOf(templates: Map<string, TemplateOutcome>, soap: unknown, around: Around): ScribeResult {
  const extra = extraOf(templates);
  return {
    note: soap === undefined ? emptyNote : toNote(soap),
    medications: toMedications(templates.get("medications")?.value ?? []),
    ...around,
    ...(extra.length === 0 ? {} : { extra }),
  };
}

const known = new Set(["soap", "medications", "transcript"]);

/** What came along under other names is kept as it is. */
function extraOf(templates: Map<string, TemplateOutcome>): ExtraTemplate[] {
  const others = [...templates].filter(([id, { value }]) => !known.has(id) && value !== undefined);
  return others.map(([id, { value }]) => ({ id, value }));
}

function hasWordsToWriteFrom(soap: TemplateOutcome, transcript: Transcript): boolean {
  return transcript.turns.length > 0 && failureOf(soap.code).code !== "audio_too_short";
}

function provenanceOf(session: MsaSession, found: Discovered): Provenance {
  const engines = session.engines ?? found.document.engines;
  return {
    service: found.service,
    model: session.model_used ?? null,
    speechEngine: engines?.speech ?? null,
    noteWriter: engines?.note_writer ?? null,
    language: session.language_detected ?? null,
  };
}

/** Templates without a full result and files that could not be used. */
function missingOf(session: MsaSession, templates: Map<string, TemplateOutcome>): string[] {
  const unfinished = [...templates].filter(([, outcome]) => outcome.state !== "success").map(([id]) => id);
  const files = (session.processing_errors ?? []).map((fault) => fault["file"]);
  const missing = [...unfinished, ...files.filter((file) => typeof file === "string")];
  if (!templates.has("soap")) missing.push("soap");
  return missing.length === 0 && session.status === "partial" ? ["unnamed"] : missing;
}
