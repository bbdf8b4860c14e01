/**
 * Creating a session (§6.2). The body is the superset that every server of dialect B and C accepts; a server that refuses it
 * is asked again in the words of dialect A. Which dialect answers is read from the answer's shape: only B and C give an
 * absolute upload address or echo `additional_data`.
 */
import { MsaSessionCreated } from "#protocol/medscribealliance.ts";
import { MsaTemplates } from "#protocol/medscribealliance-service.ts";
import type { ScribeJob, SendAnswer } from "#scribe/scribe.ts";
import { problem } from "#model/problem.ts";
import { faultOf, problemOf } from "./problem-of.ts";
import type { Discovered } from "./discovery.ts";
import { isOk, parseAnswer } from "./answer.ts";
import type { Wire } from "./wire.ts";
import { call } from "./wire.ts";

const deadlineMs = 15_000;

/** At most two templates: the schema's own limit. */
const wantedTemplates = ["soap", "medications"];

export async function openSession(wire: Wire, found: Discovered, reference: string): Promise<ScribeJob> {
  const templates = await templatesOf(wire, found);
  const model = chosenModel(found);
  const same = { templates, ...(model === undefined ? {} : { model: model.id }) };
  const answer = await create(wire, found, {
    ...same,
    language_hint: ["en"],
    transcript_language: "en",
    upload_type: "chunked",
    communication_protocol: "http",
    additional_data: { reference },
  });
  if (isOk(answer)) return toJob(answer, found);
  if (!isRefusedForm(answer)) throw problemOf(answer, wire.waiting.clock);
  const older = await create(wire, found, {
    ...same,
    language_hint: "en",
    include_transcript: true,
    metadata: { reference },
  });
  if (!isOk(older)) throw problemOf(older, wire.waiting.clock);
  return { ...toJob(older, found), form: "numbered" };
}

/** The model to ask for: "pro" where there is one, else the first, else the service's default. */
export function chosenModel({ document }: Discovered): Discovered["document"]["models"][number] | undefined {
  return document.models.find((model) => model.id === "pro") ?? document.models[0];
}

function create(wire: Wire, found: Discovered, body: Record<string, unknown>): Promise<SendAnswer> {
  const headers = { "content-type": "application/json" };
  const url = `${found.baseUrl}/sessions`;
  return call(wire, { method: "POST", url, headers, body: JSON.stringify(body), deadlineMs, budgetMs: 8_000 });
}

/** Of the wanted templates those the service offers; all of them where it offers no list. */
async function templatesOf(wire: Wire, found: Discovered): Promise<string[]> {
  if (found.templatesUrl === null) return wantedTemplates;
  const answer = await call(wire, { method: "GET", url: found.templatesUrl, deadlineMs: 5_000, budgetMs: 5_000 });
  if (!isOk(answer)) return wantedTemplates;
  const offered = parseAnswer(MsaTemplates, answer).templates.map((template) => template.id);
  if (!offered.includes("soap")) throw problem("scribe_refused", { detail: "the service offers no soap template" });
  return wantedTemplates.filter((id) => offered.includes(id));
}

function isRefusedForm(answer: SendAnswer): boolean {
  const code = faultOf(answer)?.code;
  return answer.status === 422 || (answer.status === 400 && (code === undefined || code === "invalid_request"));
}

function toJob(answer: SendAnswer, found: Discovered): ScribeJob {
  const session = parseAnswer(MsaSessionCreated, answer);
  const given = typeof session.upload_url === "string" ? session.upload_url : undefined;
  const isAbsolute = given !== undefined && /^https?:\/\//u.test(given);
  const expiresAt = Date.parse(session.expires_at ?? "");
  return {
    id: session.session_id,
    uploadUrl: isAbsolute ? given : resolveUpload(given ?? `/sessions/${session.session_id}/audio`, found.baseUrl),
    expiresAt: Number.isNaN(expiresAt) ? null : expiresAt,
    form: isAbsolute || session["additional_data"] !== undefined ? "named" : "numbered",
  };
}

/** A relative upload address is meant below `base_url`, unless it repeats the base's path. */
function resolveUpload(given: string, baseUrl: string): string {
  const basePath = new URL(baseUrl).pathname;
  if (basePath !== "/" && given.startsWith(`${basePath}/`)) return new URL(given, baseUrl).href;
  return `${baseUrl}/${given.replace(/^\/+/u, "")}`;
}
