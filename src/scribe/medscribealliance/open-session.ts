/**
 * Creating a session (§6.2). The body is the superset that every server of form B and C accepts; a server that refuses it is
 * asked again in the words of form A. So is a server of form A that took it, because without `include_transcript` it would
 * give no transcript: that first session holds no audio and expires.
 */
import { problem } from "#model/problem.ts";
import { MsaSessionCreated } from "#protocol/medscribealliance.ts";
import { MsaTemplates } from "#protocol/medscribealliance-service.ts";
import { isOk, parseAnswer } from "#scribe/answer.ts";
import type { ScribeJob, SendAnswer } from "#scribe/scribe.ts";
import type { Wire } from "#scribe/wire.ts";
import { call } from "#scribe/wire.ts";
import type { Dialect } from "./dialect.ts";
import { dialectOf, looksLikeA } from "./dialect.ts";
import type { Discovered } from "./discovery.ts";
import { takesChunks } from "./discovery.ts";
import { faultOf, problemOf } from "./problem-of.ts";
import { placeOf } from "./upload-place.ts";

const deadlineMs = 15_000;

/** At most two templates: the schema's own limit. */
const wantedTemplates = ["soap", "medications"];

/** `form`: the configured one, or what an earlier session of this adapter showed. */
export type Opening = { found: Discovered; reference: string; form: Dialect | undefined };
export type Opened = { job: ScribeJob; form: Dialect };

export async function openSession(wire: Wire, opening: Opening): Promise<Opened> {
  const { found } = opening;
  const form = opening.form ?? dialectOf(found.document);
  const body = { templates: await templatesOf(wire, found), ...modelOf(found) };
  if (form !== "A") {
    const answer = await create(wire, found, { ...body, ...newerWords(opening) });
    const isFinal = form !== undefined;
    if (isOk(answer)) {
      const session = parseAnswer(MsaSessionCreated, answer);
      if (isFinal || !looksLikeA(session)) return toOpened(session, form ?? "B", found);
    } else if (isFinal || !isRefusedForm(answer)) throw problemOf(answer, wire.waiting.clock);
  }
  const answer = await create(wire, found, { ...body, ...olderWords(opening) });
  if (!isOk(answer)) throw problemOf(answer, wire.waiting.clock);
  return toOpened(parseAnswer(MsaSessionCreated, answer), "A", found);
}

function newerWords({ found, reference }: Opening): Record<string, unknown> {
  return {
    language_hint: ["en"],
    transcript_language: "en",
    upload_type: takesChunks(found) ? "chunked" : "single",
    communication_protocol: "http",
    additional_data: { reference },
  };
}

function olderWords({ reference }: Opening): Record<string, unknown> {
  return { language_hint: "en", include_transcript: true, metadata: { reference } };
}

/** The model to ask for: "pro" where there is one, else the first, else the service's default. */
export function chosenModel({ document }: Discovered): Discovered["document"]["models"][number] | undefined {
  return document.models.find((model) => model.id === "pro") ?? document.models[0];
}

function modelOf(found: Discovered): { model?: string } {
  const model = chosenModel(found);
  return model === undefined ? {} : { model: model.id };
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

function toOpened(session: MsaSessionCreated, form: Dialect, found: Discovered): Opened {
  const place = placeOf(session, form, found.baseUrl);
  const expiresAt = Date.parse(session.expires_at ?? "");
  const job: ScribeJob = {
    id: session.session_id,
    expiresAt: Number.isNaN(expiresAt) ? null : expiresAt,
    ...place,
  };
  return { job, form };
}
