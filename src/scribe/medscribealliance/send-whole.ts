/**
 * A whole visit as one file, for services that take no chunks: form A with `X-Upload-Type: complete`, form B by PUT to the
 * exact address (§7.4), form C as file 0. The bytes pass through once; whoever holds the file sends it again after a failure.
 */
import { problem } from "#model/problem.ts";
import { isOk } from "#scribe/answer.ts";
import { fileNameOf, type FileToWav, inTakenFormat } from "#scribe/audio-format.ts";
import { multipartStream, multipartType } from "#scribe/multipart.ts";
import type { OutgoingFile, ScribeJob } from "#scribe/scribe.ts";
import type { Call, Wire } from "#scribe/wire.ts";
import { call } from "#scribe/wire.ts";
import type { Discovered } from "./discovery.ts";
import { problemOf } from "./problem-of.ts";
import { boundaryOf, isElsewhere, storageFields } from "./upload-forms.ts";

/** 30 s and a second more for every 100 kB: a file of an hour may travel over a slow line. */
export function deadlineFor(sizeBytes: number): number {
  return Math.min(600_000, 30_000 + Math.ceil(sizeBytes / 100_000) * 1000);
}

export type WholeFile = { job: ScribeJob; file: OutgoingFile; found: Discovered; toWav: FileToWav | undefined };

/** Resolves when the service holds the file. */
export async function sendWholeFile(wire: Wire, { job, found, toWav, ...whole }: WholeFile): Promise<void> {
  const file = inTakenFormat(whole.file, found.document.capabilities.audio_formats, toWav);
  const isStorage = isElsewhere(job, found);
  const answer = await call(wire, {
    ...uploadOf(job, file),
    deadlineMs: deadlineFor(file.sizeBytes),
    budgetMs: 0,
    keyless: isStorage,
  });
  if (isOk(answer)) return;
  if (isStorage && (answer.status === 401 || answer.status === 403)) {
    throw problem("scribe_session_expired", { detail: `${answer.status} from the storage` });
  }
  throw problemOf(answer, wire.waiting.clock);
}

type Upload = Pick<Call, "method" | "url" | "headers" | "body">;

function uploadOf(job: ScribeJob, file: OutgoingFile): Upload {
  const name = fileNameOf(0, file.mimeType);
  const headers = { "content-type": file.mimeType, "content-length": String(file.sizeBytes) };
  const url = job.uploadUrl;
  if (job.form === "fields") {
    const boundary = boundaryOf(file.sha256);
    const part = { name: "file", fileName: name, contentType: file.mimeType, ...file };
    const { bytes, sizeBytes } = multipartStream(boundary, storageFields(job, name), part);
    const whole = { "content-type": multipartType(boundary), "content-length": String(sizeBytes) };
    return { method: "POST", url, headers: whole, body: bytes };
  }
  if (job.form === "path") return { method: "POST", url: `${url}/${name}`, headers, body: file.bytes };
  if (job.form !== "numbered") return { method: "PUT", url, headers, body: file.bytes };
  return { method: "POST", url, headers: { ...headers, "x-upload-type": "complete" }, body: file.bytes };
}
