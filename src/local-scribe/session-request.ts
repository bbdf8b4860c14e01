import type { z } from "zod";
import { MsaCreateSession } from "#protocol/medscribealliance.ts";
import { languages, type ScribeModel } from "./models.ts";
import { Refusal } from "./refusal.ts";
import type { SessionRequest } from "./store/session.ts";

const maxReferenceBytes = 4096;

/** Reads what a client asks for, in dialect A or B (§6.2). Throws the Refusal that tells what is wrong with it, without repeating it. */
export function readSessionRequest(body: unknown, models: ScribeModel[]): SessionRequest & { expiryMs: number } {
  const parsed = MsaCreateSession.safeParse(body);
  if (!parsed.success) throw malformed(parsed.error, body);
  const asked = parsed.data;
  refuseOtherWires(asked);
  refuseOtherLanguages(asked.language_hint);
  const model = models.find(({ id }) => id === (asked.model ?? models[0]?.id));
  if (model === undefined) {
    throw new Refusal("invalid_request", "Unknown model", { supported_models: models.map(({ id }) => id) });
  }
  return {
    model: model.id,
    maxSessionMs: model.maxSessionMs,
    expiryMs: model.expiryMs ?? model.maxSessionMs,
    templates: [...new Set(asked.templates)],
    single: asked.upload_type === "single",
    reference: readReference(asked),
  };
}

/** The refusal of a body that did not fit its schema; names the field and repeats nothing of it. */
export function malformed(fault: z.ZodError, body: unknown): Refusal {
  const path = fault.issues[0]?.path ?? [];
  const [first] = path;
  const isMissing = typeof body === "object" && body !== null && first !== undefined && !Object.hasOwn(body, first);
  const field = path.map(String).join(".");
  return new Refusal(isMissing ? "missing_required_field" : "invalid_request", `Field '${field}' is not acceptable`, {
    field,
  });
}

function refuseOtherWires(asked: MsaCreateSession): void {
  if (asked.upload_type === "stream" || (asked.communication_protocol ?? "http") !== "http") {
    throw new Refusal("invalid_request", "Only chunked and single uploads over HTTP are offered", {
      upload_methods: ["chunked", "single"],
    });
  }
}

function refuseOtherLanguages(hint: string | string[] | undefined): void {
  const hints = hint === undefined ? [] : [hint].flat();
  const isKnown = hints.some((code) => languages.includes(code.toLowerCase().split("-")[0] ?? ""));
  if (hints.length > 0 && !isKnown) {
    throw new Refusal("language_unsupported", "This scribe does not know the language", { supported: languages });
  }
}

function readReference(asked: MsaCreateSession): SessionRequest["reference"] {
  const field = asked.additional_data === undefined ? "metadata" : "additional_data";
  const value = asked[field];
  if (value === undefined) return null;
  if (Buffer.byteLength(JSON.stringify(value)) > maxReferenceBytes) {
    throw new Refusal("invalid_request", `Field '${field}' is larger than 4 KB`, { field });
  }
  return { field, value };
}
