/** A job as the port's status: results by template id, wherever a revision puts them, as one draft. */
import type { ExtraTemplate } from "#model/note.ts";
import { emptyNote } from "#model/note.ts";
import type { Transcript } from "#model/transcript.ts";
import type { OmsifJob } from "#protocol/omsif.ts";
import { toMedications, toNote } from "#scribe/draft-parts.ts";
import type { ScribeResult, ScribeStatus } from "#scribe/scribe.ts";
import { transcriptOfText } from "#scribe/transcript-lines.ts";
import { failureOf, isWorthOnceMore } from "./problem-of.ts";
import { isMedications, isSoap, isTranscript } from "./scribe-request.ts";

/** Throws `scribe_answer_unreadable` when a finished job's note cannot be read. An unknown status is not the end. */
export function jobStatus(job: OmsifJob, service: string): ScribeStatus {
  switch (job.status) {
    case "completed":
      return completed(job, service);
    case "failed":
      return failed(typeof job.error === "string" ? job.error : job.error?.code);
    default:
      return { state: "processing", step: "transcribing", transcript: null };
  }
}

function failed(code: string | undefined): ScribeStatus {
  return { state: "failed", problem: failureOf(code), ...(isWorthOnceMore(code) && { onceMore: true }) };
}

type Results = [id: string, value: unknown][];

function completed(job: OmsifJob, service: string): ScribeStatus {
  const results = Object.entries({ ...job.output?.structured_data, ...job.output?.results, ...job.results });
  const soap = results.find(([id]) => isSoap({ id }));
  const medications = results.find(([id]) => isMedications({ id }));
  const transcript = transcriptIn(job, results);
  if (soap === undefined && transcript.turns.length === 0) return { state: "failed", problem: failureOf(undefined) };
  const result = resultOf(job, results, { service, transcript, soap, medications });
  return soap === undefined ? { state: "partial", result, missing: ["soap"] } : { state: "done", result };
}

type Found = {
  service: string;
  transcript: Transcript;
  soap: Results[number] | undefined;
  medications: Results[number] | undefined;
};

function resultOf(job: OmsifJob, results: Results, { service, transcript, soap, medications }: Found): ScribeResult {
  const extra = extraOf(job, results, [soap?.[0], medications?.[0]]);
  return {
    note: soap === undefined ? emptyNote : toNote(soap[1]),
    medications: toMedications(medications?.[1] ?? []),
    transcript,
    provenance: { service, model: null, speechEngine: null, noteWriter: null, language: null },
    ...(extra.length === 0 ? {} : { extra }),
  };
}

/** Results of other templates, and bundles that came unasked. */
function extraOf({ output }: OmsifJob, results: Results, used: (string | undefined)[]): ExtraTemplate[] {
  const others = results.filter(([id]) => !used.includes(id) && !isTranscript({ id }));
  const bundles = output?.fhir_bundles ?? [];
  const extra = others.map(([id, value]) => ({ id, value }));
  return bundles.length === 0 ? extra : [...extra, { id: "fhir_bundles", value: bundles }];
}

/** Rev 1 has a field for it, rev 2 a template. */
function transcriptIn({ output }: OmsifJob, results: Results): Transcript {
  const asTemplate = results.find(([id, value]) => isTranscript({ id }) && typeof value === "string")?.[1];
  const text = output?.transcription ?? (typeof asTemplate === "string" ? asTemplate : "");
  return transcriptOfText(text, null);
}
