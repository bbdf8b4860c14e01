/**
 * What an OMSIF service says about itself. Rev 1 has `GET /capabilities`, rev 2 `POST /initialize`; whichever is there decides
 * the revision. Kept for an hour, or as long as Cache-Control says.
 */
import { problem } from "#model/problem.ts";
import { OmsifCapabilities, OmsifInitialized, omsifProtocolVersion } from "#protocol/omsif.ts";
import type { OmsifTemplate } from "#protocol/omsif.ts";
import { isOk, parseAnswer } from "#scribe/answer.ts";
import type { Kept } from "#scribe/kept.ts";
import { createKept, maxAgeMs } from "#scribe/kept.ts";
import type { SendAnswer } from "#scribe/scribe.ts";
import type { Wire } from "#scribe/wire.ts";
import { call } from "#scribe/wire.ts";
import { problemOf } from "./problem-of.ts";

export type Revision = 1 | 2;

export type Handshake = {
  revision: Revision;
  /** The name to show. */
  service: string;
  templates: OmsifTemplate[];
  can: { chunks: boolean; sync: boolean; async: boolean };
  /** MIME types. */
  audioFormats: string[];
};

/** `url` is the base of the service, e.g. `https://host/v1/omsif`. */
export function createHandshake(wire: Wire, url: string, revision: Revision | undefined): Kept<Handshake> {
  return createKept(wire.waiting.clock, async () => {
    const { answer, found } = await shake(wire, url, revision);
    const handshake = found === 1 ? fromCapabilities(answer, url) : fromInitialize(answer, url);
    return { value: handshake, maxAgeMs: maxAgeMs(answer.headers["cache-control"]) };
  });
}

const limits = { deadlineMs: 5_000, budgetMs: 5_000 };

async function shake(
  wire: Wire,
  url: string,
  revision: Revision | undefined,
): Promise<{ answer: SendAnswer; found: Revision }> {
  if (revision !== 2) {
    const answer = await call(wire, { method: "GET", url: `${url}/capabilities`, ...limits });
    if (isOk(answer)) return { answer, found: 1 };
    if (revision === 1 || ![404, 405].includes(answer.status)) throw refused(wire, answer);
  }
  const body = JSON.stringify({
    protocolVersion: omsifProtocolVersion,
    clientInfo: { name: "Chartside", version: "1" },
    capabilities: {},
  });
  const headers = { "content-type": "application/json" };
  const answer = await call(wire, { method: "POST", url: `${url}/initialize`, headers, body, ...limits });
  if (!isOk(answer)) throw refused(wire, answer);
  return { answer, found: 2 };
}

/** There is no session yet that could have expired: an address that is not there is a wrong address. */
function refused(wire: Wire, answer: SendAnswer): Error {
  const told = problemOf(answer, wire.waiting.clock);
  if (told.problem.code !== "scribe_session_expired") return told;
  return problem("scribe_refused", { detail: "neither capabilities nor initialize" });
}

const inEnum = ["audio/wav", "audio/mpeg", "audio/mp4", "audio/aac"];

function fromCapabilities(answer: SendAnswer, url: string): Handshake {
  const document = parseAnswer(OmsifCapabilities, answer);
  return {
    revision: 1,
    service: document.provider || new URL(url).host,
    templates: document.templates,
    can: abilitiesIn(document.features),
    audioFormats: document.audio_formats ?? inEnum,
  };
}

function fromInitialize(answer: SendAnswer, url: string): Handshake {
  const document = parseAnswer(OmsifInitialized, answer);
  return {
    revision: 2,
    service: document.serverInfo.name || new URL(url).host,
    templates: document.templates,
    can: abilitiesIn(Object.keys(document.capabilities ?? {})),
    audioFormats: document.audio_formats ?? inEnum,
  };
}

/** The three words of rev 1. Who names none of them (rev 2 has no words for them) is taken to offer all. */
function abilitiesIn(named: string[]): Handshake["can"] {
  const known = ["sync", "async", "streaming_upload"].filter((word) => named.includes(word));
  const has = (word: string): boolean => known.length === 0 || known.includes(word);
  return { chunks: has("streaming_upload"), sync: has("sync"), async: has("async") };
}
