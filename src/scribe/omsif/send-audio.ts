/**
 * One chunk of a session (§4C): raw bytes with `X-Audio-Sequence`, or the form field that the reference server wants. A format
 * that the service does not take is turned into WAV on the way. The protocol does not say what a repeated number does.
 */
import { problem } from "#model/problem.ts";
import { omsifSequenceHeader } from "#protocol/omsif.ts";
import { isOk } from "#scribe/answer.ts";
import { fileNameOf, spellingOf } from "#scribe/audio-format.ts";
import { multipartBytes, multipartType } from "#scribe/multipart.ts";
import type { OutgoingChunk, ScribeJob, SendAnswer } from "#scribe/scribe.ts";
import type { Wire } from "#scribe/wire.ts";
import { call } from "#scribe/wire.ts";
import { problemOf } from "./problem-of.ts";

/** Turns one chunk into 16 kHz mono WAV; which job and place it has tells what came in front of it. */
export type ToWav = (chunk: OutgoingChunk, jobId: string) => Promise<Uint8Array>;

export type AudioForm = "raw" | "multipart";
export type Sending = { job: ScribeJob; chunk: OutgoingChunk; formats: string[]; toWav: ToWav | undefined };

/** Resolves with the form that the service took. */
export async function sendAudio(wire: Wire, sending: Sending, forms: readonly AudioForm[]): Promise<AudioForm> {
  const chunk = await inFormat(sending);
  const [first = "raw", ...others] = forms;
  let form = first;
  let answer = await upload(wire, sending.job, { chunk, form });
  for (const other of others) {
    if (!isUnknownWay(answer)) break;
    form = other;
    answer = await upload(wire, sending.job, { chunk, form });
  }
  if (isOk(answer)) return form;
  throw problemOf(answer, wire.waiting.clock);
}

async function inFormat({ job, chunk, formats, toWav }: Sending): Promise<OutgoingChunk> {
  const asIs = spellingOf(chunk.mimeType, formats);
  if (asIs !== undefined) return { ...chunk, mimeType: asIs };
  const wav = spellingOf("audio/wav", formats);
  if (wav === undefined || toWav === undefined) {
    throw problem("scribe_refused", { detail: "the service does not take this audio format" });
  }
  return { ...chunk, bytes: await toWav(chunk, job.id), mimeType: wav };
}

function upload(
  wire: Wire,
  job: ScribeJob,
  { chunk, form }: { chunk: OutgoingChunk; form: AudioForm },
): Promise<SendAnswer> {
  const boundary = `chartside-${chunk.sha256}`;
  const file = { name: "file", fileName: fileNameOf(chunk.sequence, chunk.mimeType), contentType: chunk.mimeType };
  const isForm = form === "multipart";
  return call(wire, {
    method: "POST",
    url: `${job.uploadUrl}/audio`,
    headers: {
      "content-type": isForm ? multipartType(boundary) : chunk.mimeType,
      [omsifSequenceHeader]: String(chunk.sequence),
    },
    body: isForm ? multipartBytes(boundary, [], { ...file, bytes: chunk.bytes }) : chunk.bytes,
    deadlineMs: 30_000,
    budgetMs: 8_000,
  });
}

/** The reference server answers 422 to a raw body: its form field is missing. */
function isUnknownWay(answer: SendAnswer): boolean {
  return answer.status === 422 || answer.status === 415;
}
