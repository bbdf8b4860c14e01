/** The ways a chunk travels (§7.4), one request each. The service's own spelling of the format is already in the chunk. */
import type { OutgoingChunk, ScribeJob } from "#scribe/scribe.ts";
import { fileNameOf } from "#scribe/audio-format.ts";
import { multipartBytes, multipartType } from "#scribe/multipart.ts";
import type { Call } from "#scribe/wire.ts";
import type { Discovered } from "./discovery.ts";

type Upload = Pick<Call, "method" | "url" | "headers" | "body">;

export function uploadOf(job: ScribeJob, chunk: OutgoingChunk): Upload {
  const name = fileNameOf(chunk.sequence, chunk.mimeType);
  switch (job.form) {
    case "path":
      return { method: "POST", url: below(job.uploadUrl, name), ...raw(chunk, name) };
    case "put":
      return put(below(job.uploadUrl, name), chunk);
    case "fields":
      return { method: "POST", url: job.uploadUrl, ...storageForm(job, chunk, name) };
    case "raw":
    case "numbered":
      return { method: "POST", url: job.uploadUrl, ...raw(chunk, name) };
    default:
      return { method: "POST", url: job.uploadUrl, ...multipart(chunk, name) };
  }
}

/** A presigned storage address is somebody else's: it must not see the key. */
export function isElsewhere(job: ScribeJob, found: Discovered): boolean {
  const isStorage = job.form === "fields" || job.form === "put";
  return isStorage || new URL(job.uploadUrl).origin !== new URL(found.baseUrl).origin;
}

/** §7.4 appends the file's name to the address; in front of the query, so that a signature there stays whole. */
function below(uploadUrl: string, name: string): string {
  const url = new URL(uploadUrl);
  url.pathname = `${url.pathname.replace(/\/+$/u, "")}/${name}`;
  return url.href;
}

function raw(chunk: OutgoingChunk, name: string): Pick<Upload, "headers" | "body"> {
  return {
    headers: {
      "content-type": chunk.mimeType,
      "x-chunk-index": String(chunk.sequence),
      "content-disposition": `attachment; filename="${name}"`,
    },
    body: chunk.bytes,
  };
}

/** Nothing but the type: headers that were not signed are refused by some stores. */
function put(url: string, chunk: OutgoingChunk): Upload {
  return { method: "PUT", url, headers: { "content-type": chunk.mimeType }, body: chunk.bytes };
}

function multipart(chunk: OutgoingChunk, name: string): Pick<Upload, "headers" | "body"> {
  const boundary = boundaryOf(chunk.sha256);
  const file = { name: "file", fileName: name, contentType: chunk.mimeType, bytes: chunk.bytes };
  return {
    headers: { "content-type": multipartType(boundary), "x-chunk-index": String(chunk.sequence) },
    body: multipartBytes(boundary, [], file),
  };
}

/** An object store's POST policy: its fields first, the file last. */
function storageForm(job: ScribeJob, chunk: OutgoingChunk, name: string): Pick<Upload, "headers" | "body"> {
  const boundary = boundaryOf(chunk.sha256);
  const file = { name: "file", fileName: name, contentType: chunk.mimeType, bytes: chunk.bytes };
  const parts = storageFields(job, name);
  return {
    headers: { "content-type": multipartType(boundary) },
    body: multipartBytes(boundary, parts, file),
  };
}

export function storageFields(job: ScribeJob, fileName: string): { name: string; text: string }[] {
  const entries = Object.entries(job.fields ?? {});
  return entries.map(([name, text]) => ({ name, text: text.replaceAll("${filename}", fileName) }));
}

export function boundaryOf(sha256: string): string {
  return `chartside-${sha256}`;
}
