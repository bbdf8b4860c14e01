/**
 * A whole visit as one file (§4A, §4B). Short audio is answered at once; longer audio becomes a job, for which the protocol
 * demands an address to call back. There is no idempotency key: the file is sent once, and again only by whoever holds it.
 */
import { problem } from "#model/problem.ts";
import type { OmsifScribeRequest } from "#protocol/omsif.ts";
import { OmsifAccepted, OmsifJob, omsifAudioFormats } from "#protocol/omsif.ts";
import { isOk, parseAnswer } from "#scribe/answer.ts";
import { extensionOf, type FileToWav, inTakenFormat } from "#scribe/audio-format.ts";
import { multipartStream, multipartType } from "#scribe/multipart.ts";
import type { OutgoingFile, SendAnswer } from "#scribe/scribe.ts";
import type { Wire } from "#scribe/wire.ts";
import { call } from "#scribe/wire.ts";
import type { Handshake } from "./handshake.ts";
import { problemOf } from "./problem-of.ts";

/** §4A: "only suitable for short audio". */
const shortMs = 60_000;

export type Filing = {
  url: string;
  request: OmsifScribeRequest;
  file: OutgoingFile;
  handshake: Handshake;
  toWav: FileToWav | undefined;
};

/** `result` is there when the service answered at once. */
export async function sendFile(wire: Wire, filing: Filing): Promise<{ jobId: string; result: OmsifJob | null }> {
  const { can } = filing.handshake;
  if (can.sync && filing.file.durationMs < shortMs) {
    const result = parseAnswer(OmsifJob, await post(wire, filing, { path: "process", deadlineMs: 60_000 }));
    return { jobId: result.job_id, result };
  }
  if (!can.async || filing.request.config?.webhook_url === undefined) {
    throw problem("scribe_refused", { detail: "a visit of a minute or more needs async and a webhook address" });
  }
  const deadlineMs = Math.min(600_000, 30_000 + Math.ceil(filing.file.sizeBytes / 100_000) * 1000);
  const accepted = parseAnswer(OmsifAccepted, await post(wire, filing, { path: "process/async", deadlineMs }));
  return { jobId: accepted.job_id, result: null };
}

type Route = { path: string; deadlineMs: number };

async function post(wire: Wire, { url, request, handshake, ...filing }: Filing, route: Route): Promise<SendAnswer> {
  const file = inTakenFormat(filing.file, handshake.audioFormats, filing.toWav);
  const contentType = file.mimeType;
  const boundary = `chartside-${file.sha256}`;
  const parts = [{ name: "request", text: JSON.stringify({ ...request, audio_config: audioConfig(contentType) }) }];
  const fileName = `visit.${extensionOf(contentType)}`;
  const { bytes, sizeBytes } = multipartStream(boundary, parts, { name: "file", fileName, ...file, contentType });
  const answer = await call(wire, {
    method: "POST",
    url: `${url}/${route.path}`,
    headers: { "content-type": multipartType(boundary), "content-length": String(sizeBytes) },
    body: bytes,
    deadlineMs: route.deadlineMs,
    budgetMs: 0,
  });
  if (!isOk(answer)) throw problemOf(answer, wire.waiting.clock);
  return answer;
}

/** The words of the protocol's own list; a service with formats of its own is not told one. */
function audioConfig(mimeType: string): OmsifScribeRequest["audio_config"] {
  const word = extensionOf(mimeType).replace("mp4", "m4a");
  const format = omsifAudioFormats.find((known) => known === word);
  return { ...(format === undefined ? {} : { format }), channel_count: 1, language_code: "en-US" };
}
