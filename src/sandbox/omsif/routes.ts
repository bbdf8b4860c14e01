/** The calls of OMSIF: handshake, one file at once or for later, a session in chunks, and the job. */
import { randomBytes } from "node:crypto";
import { formParts } from "#sandbox/form-data.ts";
import type { Audio } from "#sandbox/hearing.ts";
import { serviceName } from "#sandbox/sandbox-note.ts";
import type { Asked, Route, Told } from "#sandbox/scribe-request.ts";
import { headerOf, jsonObjectOf, routed } from "#sandbox/scribe-request.ts";
import { audioTypes, isRefusal, readRequest } from "./requests.ts";
import type { Job, Session, Site, StoredAudio } from "./site.ts";
import { addJob, begin, fault, storedOf, templates, viewOf, work } from "./site.ts";

export const base = "/v1/omsif";

/** `wantsForm`: chunks as the reference server takes them, in the field `file`. */
export type Rules = { features: string[]; wantsForm: boolean };

export function answerOmsif(site: Site, asked: Asked, rules: Rules): Answer {
  if (asked.headers["authorization"] !== `Bearer ${site.key}`) return fault(401, "unauthorized");
  const path = asked.path.startsWith(`${base}/`) ? asked.path.slice(base.length) : "";
  return routed({ ...asked, path }, routesOf(site, asked, rules)) ?? fault(404, "resource_not_found");
}

type Answer = Told | Promise<Told>;

/** What a service does not offer is not there. */
function routesOf(site: Site, asked: Asked, rules: Rules): Route<Answer>[] {
  const at = (method: string, path: RegExp, answer: Route<Answer>["answer"]): Route<Answer> => ({
    method,
    path,
    answer,
  });
  const handshake =
    site.revision === 1
      ? at("GET", /^\/capabilities$/u, () => capabilities(site, rules))
      : at("POST", /^\/initialize$/u, () => initialize(site, jsonObjectOf(asked.body) ?? {}));
  const offered: Record<string, Route<Answer>> = {
    sync: at("POST", /^\/process$/u, () => processNow(site, asked)),
    async: at("POST", /^\/process\/async$/u, () => processLater(site, asked)),
    streaming_upload: at("POST", /^\/session$/u, () => openSession(site, asked)),
  };
  const of = (act: (session: Session) => Told) => (id: string) => {
    const session = site.sessions.get(id);
    return session ? act(session) : fault(404, "resource_not_found");
  };
  return [
    handshake,
    ...rules.features.map((feature) => offered[feature]).filter((route) => route !== undefined),
    at(
      "POST",
      /^\/session\/([^/]+)\/audio$/u,
      of((session) => takeAudio(session, asked, rules)),
    ),
    at(
      "POST",
      /^\/session\/([^/]+)\/commit$/u,
      of((session) => commit(site, session)),
    ),
    at("GET", /^\/jobs\/([^/]+)$/u, (id = "") => jobBy(site, id)),
  ];
}

function jobBy(site: Site, id: string): Told {
  const job = site.jobs.get(id);
  return job ? { status: 200, body: viewOf(site, job) } : fault(404, "resource_not_found");
}

function capabilities({ hear }: Site, { features }: Rules): Told {
  const provider = serviceName(hear, "OMSIF rev 1");
  return { status: 200, body: { version: "1.0", provider, features, templates } };
}

function initialize({ hear }: Site, { protocolVersion, clientInfo }: Record<string, unknown>): Told {
  if (typeof protocolVersion !== "string" || typeof clientInfo !== "object") return fault(400, "validation_error");
  const serverInfo = { name: serviceName(hear, "OMSIF rev 2"), version: "1.0.0" };
  const known = { protocolVersion: "2024-01-01", serverInfo, capabilities: { logging: {}, prompts: {} } };
  return { status: 200, body: { ...known, templates } };
}

async function processNow(site: Site, asked: Asked): Promise<Told> {
  const form = readForm(site, asked);
  if ("status" in form) return form;
  const job = addJob(site, form);
  await work(site, job);
  return { status: 200, body: viewOf(site, job) };
}

function processLater(site: Site, asked: Asked): Told {
  const form = readForm(site, asked);
  if ("status" in form) return form;
  if (form.webhookUrl === undefined) return fault(400, "validation_error");
  const job = begin(site, addJob(site, form));
  return { status: 202, body: { job_id: job.id, status: "queued", eta_seconds: 45 } };
}

type Form = { templates: string[]; webhookUrl: string | undefined; files: StoredAudio[]; sounds: Audio[] };

/** Exactly the two parts that the text names. */
function readForm(site: Site, asked: Asked): Form | Told {
  const [request, file, ...others] = formParts(headerOf(asked, "content-type"), asked.body) ?? [];
  const isForm = request?.name === "request" && file?.name === "file" && others.length === 0;
  if (!isForm) return fault(400, "validation_error");
  const { bytes, contentType: type = "" } = file;
  if (!audioTypes.includes(type)) return fault(400, "audio_unsupported");
  const wanted = readRequest(site, jsonObjectOf(request.bytes), true);
  return isRefusal(wanted) ? wanted : { ...wanted, files: [storedOf(bytes)], sounds: [{ bytes, type }] };
}

function openSession(site: Site, { body }: Asked): Told {
  const wanted = readRequest(site, jsonObjectOf(body), false);
  if (isRefusal(wanted)) return wanted;
  const id = `sess_${randomBytes(8).toString("hex")}`;
  site.sessions.set(id, { id, ...wanted, audio: new Map(), sounds: new Map(), jobId: undefined });
  return { status: 201, body: { session_id: id } };
}

function takeAudio(session: Session, asked: Asked, { wantsForm }: Rules): Told {
  if (session.jobId !== undefined) return fault(400, "validation_error");
  const sequence = headerOf(asked, "x-audio-sequence");
  if (!/^\d{1,6}$/u.test(sequence)) return fault(400, "validation_error");
  const audio = wantsForm ? fileIn(asked) : { type: headerOf(asked, "content-type"), bytes: asked.body };
  if (audio === undefined) {
    return { status: 422, body: { detail: [{ type: "missing", loc: ["body", "file"], msg: "Field required" }] } };
  }
  if (!audioTypes.includes(audio.type)) return fault(400, "audio_unsupported");
  session.audio.set(Number(sequence), storedOf(audio.bytes));
  session.sounds.set(Number(sequence), audio);
  return { status: 200, body: { status: "received", size: audio.bytes.length } };
}

function fileIn(asked: Asked): { type: string; bytes: Buffer } | undefined {
  const part = formParts(headerOf(asked, "content-type"), asked.body)?.find(({ name }) => name === "file");
  return part && { type: part.contentType ?? "", bytes: part.bytes };
}

/** A second commit is answered with the same job. */
function commit(site: Site, session: Session): Told {
  const { templates: wanted, webhookUrl } = session;
  const [files, sounds] = [inOrder(session.audio), inOrder(session.sounds)];
  const known: Job | undefined = site.jobs.get(session.jobId ?? "");
  const job = known ?? begin(site, addJob(site, { templates: wanted, webhookUrl, files, sounds }));
  session.sounds.clear();
  session.jobId = job.id;
  return { status: 202, body: { job_id: job.id } };
}

function inOrder<T>(held: Map<number, T>): T[] {
  return [...held.entries()].sort(([a], [b]) => a - b).map(([, one]) => one);
}
