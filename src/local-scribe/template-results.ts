import type { MsaTemplateResult } from "#protocol/medscribealliance.ts";
import { templates } from "./models.ts";
import { plainTranscript } from "./plain-transcript.ts";
import type { Outcome, Session } from "./store/session.ts";

type Finished = Exclude<Outcome, { kind: "failed" }>;

export const knownTemplates: ReadonlySet<string> = new Set(templates.map(({ id }) => id));

/** §9: one `{status, data}` per template that was asked for; an unknown one fails alone. */
export function templateResults(session: Session, outcome: Finished): Record<string, MsaTemplateResult> {
  return Object.fromEntries(session.request.templates.map((id) => [id, templateResult(id, session, outcome)]));
}

function templateResult(id: string, session: Session, outcome: Finished): MsaTemplateResult {
  if (!knownTemplates.has(id)) return failed("template_not_found", "No such template");
  if (id === "transcript") return { status: "success", data: plainTranscript(session.transcript?.turns ?? []) };
  if (outcome.kind === "unwritten") return failed("extraction_failed", "The note could not be written");
  return { status: "success", data: id === "soap" ? outcome.note : outcome.medications };
}

function failed(code: string, message: string): MsaTemplateResult {
  return { status: "failed", error: { code, message } };
}
