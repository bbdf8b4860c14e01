/** Templates in the three shapes seen on the wire (map of results, map of plain values, list of one-key objects) as one. */
import type { MsaSession } from "#protocol/medscribealliance.ts";
import { MsaTemplateResult } from "#protocol/medscribealliance.ts";

/** `value` is undefined unless the state is `success` or `incomplete`; `code` may say why it failed. */
export type TemplateOutcome = {
  state: "success" | "incomplete" | "processing" | "failed";
  value?: unknown;
  code?: string | undefined;
};

/** Every template the session speaks of, by id. */
export function templatesOf(session: MsaSession): Map<string, TemplateOutcome> {
  const outcomes = new Map<string, TemplateOutcome>();
  const maps = Array.isArray(session.templates) ? session.templates : [session.templates ?? {}];
  for (const map of maps) for (const [id, value] of Object.entries(map)) outcomes.set(id, outcomeOf(value));
  for (const fault of session.template_errors ?? []) {
    const code = fault["error"];
    outcomes.set(fault.template_id, { state: "failed", code: typeof code === "string" ? code : undefined });
  }
  return outcomes;
}

const words: Record<string, TemplateOutcome["state"]> = {
  success: "success",
  completed: "success",
  partial_success: "incomplete",
  partial: "incomplete",
  processing: "processing",
  "in-progress": "processing",
  failed: "failed",
  failure: "failed",
};

/** A value without a status of its own is the template's value itself (dialect A). */
function outcomeOf(value: unknown): TemplateOutcome {
  const result = MsaTemplateResult.safeParse(value);
  const state = result.success && Object.hasOwn(words, result.data.status) ? words[result.data.status] : undefined;
  if (!result.success || state === undefined) return { state: "success", value };
  const { data, error } = result.data;
  if (state === "processing") return { state };
  if (state === "failed") return { state, code: typeof error === "string" ? error : error?.code };
  return { state, value: data };
}
