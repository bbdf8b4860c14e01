/**
 * Sending one chunk (§7). Dialect B: multipart, the place is in the file name. Dialect A: raw body, the place is in
 * `X-Chunk-Index` and must count up. Sending again is harmless: the same name and bytes are stored once.
 */
import { problem } from "#model/problem.ts";
import { MsaUploadAnswer } from "#protocol/medscribealliance.ts";
import type { OutgoingChunk, ScribeJob, SendAnswer } from "#scribe/scribe.ts";
import type { Discovered } from "./discovery.ts";
import { isOk, jsonOf } from "./answer.ts";
import { faultOf, problemOf } from "./problem-of.ts";
import type { Call, Wire } from "./wire.ts";
import { call } from "./wire.ts";

const deadlineMs = 30_000;

/** `holds` looks at the service's own list; it is asked when the answer claims that the chunk is there already. */
export type Sending = {
  job: ScribeJob;
  chunk: OutgoingChunk;
  found: Discovered;
  holds: (sequence: number) => Promise<boolean>;
};

/** Resolves when the service holds the chunk. Throws `scribe_session_expired`, `chunk_conflict`, `too_large`, `scribe_down`, ... */
export async function sendChunk(wire: Wire, { job, chunk, found, holds }: Sending): Promise<void> {
  const mimeType = declaredFormat(chunk.mimeType, found);
  const form = job.form === "numbered" ? rawForm(chunk, mimeType) : multipartForm(chunk, mimeType);
  const answer = await call(wire, {
    method: "POST",
    url: job.uploadUrl,
    deadlineMs,
    budgetMs: 8_000,
    // A presigned storage address is somebody else's: it must not see the key.
    keyless: new URL(job.uploadUrl).origin !== new URL(found.baseUrl).origin,
    ...form,
  });
  if (isOk(answer)) return checkStored(answer, chunk);
  const refusal = problemOf(answer, wire.waiting.clock);
  if (refusal.problem.code === "scribe_session_expired") throw refusal;
  if (await isStored(answer, chunk, holds)) return;
  throw refusal;
}

/** `audio_3.webm`: n from zero, not padded. */
function fileNameOf(sequence: number, mimeType: string): string {
  return `audio_${sequence}.${extensionOf(mimeType)}`;
}

/** The place in a file name of the form `{base}_{n}.{ext}` or `{n}.{ext}`, undefined for any other. */
export function sequenceOf(fileName: string): number | undefined {
  const digits = /(?:^|[_/])(\d+)\.[A-Za-z0-9]+$/u.exec(fileName)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

type Form = Pick<Call, "headers" | "body">;

function rawForm(chunk: OutgoingChunk, mimeType: string): Form {
  return {
    headers: {
      "content-type": mimeType,
      "x-chunk-index": String(chunk.sequence),
      "content-disposition": `attachment; filename="${fileNameOf(chunk.sequence, mimeType)}"`,
    },
    body: chunk.bytes,
  };
}

function multipartForm(chunk: OutgoingChunk, mimeType: string): Form {
  const boundary = `chartside-${chunk.sha256}`;
  const head = [
    `--${boundary}`,
    `Content-Disposition: form-data; name="file"; filename="${fileNameOf(chunk.sequence, mimeType)}"`,
    `Content-Type: ${mimeType}`,
    "",
    "",
  ].join("\r\n");
  return {
    headers: {
      "content-type": `multipart/form-data; boundary=${boundary}`,
      "x-chunk-index": String(chunk.sequence),
    },
    body: joined([new TextEncoder().encode(head), chunk.bytes, new TextEncoder().encode(`\r\n--${boundary}--\r\n`)]),
  };
}

function joined(parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The service's own spelling of the chunk's format: some compare it character by character (facts: "exact string"). */
function declaredFormat(mimeType: string, { document }: Discovered): string {
  const formats = document.capabilities.audio_formats;
  const plain = (format: string): string => format.toLowerCase().replace(/\s/gu, "");
  const exact = formats.find((format) => plain(format) === plain(mimeType));
  const container = formats.find((format) => plain(format) === plain(mimeType).split(";")[0]);
  const format = exact ?? container;
  if (format === undefined) throw problem("scribe_refused", { detail: "the service does not take this audio format" });
  return format;
}

function extensionOf(mimeType: string): string {
  const subtype = mimeType.split(";")[0]?.trim().split("/")[1] ?? "webm";
  return subtype.replace(/^x-/u, "").replace("mpeg", "mp3");
}

/** Our own scribe says what it stored; a service that stored other bytes does not hold the chunk. */
function checkStored(answer: SendAnswer, chunk: OutgoingChunk): void {
  const said = MsaUploadAnswer.safeParse(jsonOf(answer));
  if (said.success && said.data.sha256 !== undefined && said.data.sha256 !== chunk.sha256) {
    throw problem("chunk_conflict", { detail: "the service stored other bytes" });
  }
}

const claimsToHaveIt = new Set(["session_ended", "session_completed"]);

/**
 * Is a refusal in truth "I have it already"? Dialect A: it expects a later index. Otherwise the service's own list decides,
 * except where it says that the stored bytes differ.
 */
async function isStored(answer: SendAnswer, chunk: OutgoingChunk, holds: Sending["holds"]): Promise<boolean> {
  const { code = "", details = {} } = faultOf(answer) ?? {};
  const expected = details["expected_index"];
  if (typeof expected === "number") return expected > chunk.sequence;
  if (code === "audio_conflict") return false;
  return (answer.status === 409 || claimsToHaveIt.has(code)) && holds(chunk.sequence);
}
