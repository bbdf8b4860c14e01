/**
 * Ears for a sandbox scribe. In: the audio that arrived, in order. Out: the note that another scribe wrote from the words in it;
 * that one speaks MedScribeAlliance (form B) and is asked over HTTP, as any client would. Nothing is kept here.
 */
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { MsaSession, MsaSessionCreated, msaVersion } from "#protocol/medscribealliance.ts";
import type { SandboxNote } from "./sandbox-note.ts";

export type Audio = { bytes: Uint8Array; type: string };
/** `failed` names a code of MedScribeAlliance §11. */
export type Heard = { is: "note"; note: SandboxNote } | { is: "failed"; code: string };
/** Rejects when the other scribe does not do what it should; the sandbox then says that it failed. */
export type Hear = (audio: readonly Audio[]) => Promise<Heard>;

const pollMs = 250;

const Soap = z.object({ subjective: z.string(), objective: z.string(), assessment: z.string(), plan: z.string() });
const Medicines = z.array(z.record(z.string(), z.unknown()));

/** `url` is the other scribe's origin. A single file is longer than a chunk may be, so it is announced as one. */
export function createHearing({ url, key }: { url: string; key: string }): Hear {
  const ask = async (path: string, more: RequestInit = {}, headers: Record<string, string> = {}): Promise<Response> => {
    const own = { "x-api-key": key, "msa-version": msaVersion };
    const answer = await fetch(`${url}/v1/sessions${path}`, { ...more, headers: { ...own, ...headers } });
    // 410 is a phase, not a fault of the call.
    if (answer.ok || answer.status === 410) return answer;
    throw new Error(`the scribe that listens answered ${answer.status} to ${more.method ?? "GET"}`);
  };
  const json = { "content-type": "application/json" };
  const post = (path: string, body: object): Promise<Response> =>
    ask(path, { method: "POST", body: JSON.stringify(body) }, json);
  return async (audio) => {
    const upload = audio.length === 1 ? "single" : "chunked";
    const wanted = { templates: ["soap", "medications"], upload_type: upload, communication_protocol: "http" };
    const { session_id: id } = MsaSessionCreated.parse(await (await post("", wanted)).json());
    for (const [place, { bytes, type }] of audio.entries()) {
      const headers = { "content-type": type, "x-chunk-index": String(place) };
      await ask(`/${id}/audio`, { method: "POST", body: new Uint8Array(bytes) }, headers);
    }
    await post(`/${id}/end`, { audio_files_sent: audio.length });
    for (;;) {
      const heard = heardIn(MsaSession.parse(await (await ask(`/${id}`)).json()));
      if (heard !== undefined) return heard;
      await wait(pollMs);
    }
  };
}

/** Undefined while it works. */
function heardIn(session: MsaSession): Heard | undefined {
  if (session.status === "failed" || session.status === "expired") {
    return { is: "failed", code: session.error?.code ?? "processing_failed" };
  }
  if (session.status !== "completed") return undefined;
  const note = {
    soap: Soap.parse(dataOf(session, "soap")),
    medications: Medicines.parse(dataOf(session, "medications")),
    transcript: session.transcript ?? "",
  };
  return { is: "note", note };
}

/** Form B: `{ "<id>": { "status", "data" } }`. */
function dataOf({ templates }: MsaSession, id: string): unknown {
  const result = Array.isArray(templates) ? undefined : templates?.[id];
  return typeof result === "object" && result !== null && "data" in result ? result.data : undefined;
}
