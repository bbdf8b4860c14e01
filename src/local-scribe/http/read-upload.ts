import type { IncomingHttpHeaders } from "node:http";
import { audioFormats } from "#local-scribe/decode/audio-file.ts";
import { Refusal } from "#local-scribe/refusal.ts";
import type { Upload } from "#local-scribe/accept-upload.ts";

type Sent = { headers: IncomingHttpHeaders; body: Buffer | undefined; name: string | undefined; single: boolean };

/** `{base}_{n}.{ext}`, n from 0 and not padded (§7.2). */
const chunkName = /^[A-Za-z0-9-][A-Za-z0-9_-]{0,60}_(0|[1-9]\d{0,4})\.[A-Za-z0-9]{1,8}$/u;
const allowedTypes = [...audioFormats.map(bareType), "application/octet-stream"];

/** Finds place, name and bytes of an upload in whichever way it was sent; throws `invalid_request` or `invalid_audio_format`. */
export async function readUpload(sent: Sent): Promise<Upload> {
  const file = await readFile(sent);
  refuseOtherTypes(file.type);
  if (file.bytes.length === 0) throw new Refusal("invalid_request", "The upload is empty");
  if (sent.single) return { place: 0, fileName: undefined, bytes: file.bytes, single: true };
  const named = placeOfName(file.name);
  const place = placeOfHeader(sent.headers["x-chunk-index"]) ?? named;
  if (place === undefined) {
    throw new Refusal("missing_required_field", "The chunk needs X-Chunk-Index or a file name like audio_0.webm");
  }
  if (named !== undefined && named !== place) {
    throw new Refusal("invalid_request", "X-Chunk-Index and the file name disagree");
  }
  return { place, fileName: named === undefined ? undefined : file.name, bytes: file.bytes, single: false };
}

type SentFile = { bytes: Uint8Array; name: string | undefined; type: string };

async function readFile({ headers, body, name }: Sent): Promise<SentFile> {
  const type = headers["content-type"] ?? "";
  const bytes = body ?? Buffer.alloc(0);
  if (bareType(type) === "multipart/form-data") return readForm(bytes, type);
  const disposition = /filename="?([^";]+)"?/iu.exec(headers["content-disposition"] ?? "")?.[1];
  return { bytes, name: name ?? disposition, type };
}

async function readForm(bytes: Uint8Array, type: string): Promise<SentFile> {
  const body = new Uint8Array(bytes);
  const form = await new Response(body, { headers: { "content-type": type } }).formData().catch(() => undefined);
  const file = form?.get("file");
  if (!(file instanceof File))
    throw new Refusal("missing_required_field", "The form has no field 'file'", { field: "file" });
  return { bytes: new Uint8Array(await file.arrayBuffer()), name: file.name, type: file.type };
}

/** A file name that carries no place is no fault as long as the header has one. */
function placeOfName(name: string | undefined): number | undefined {
  const digits = chunkName.exec(name ?? "")?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function placeOfHeader(header: string | string[] | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (/^(?:0|[1-9]\d{0,4})$/u.test(String(header))) return Number(header);
  throw new Refusal("invalid_request", "X-Chunk-Index is not a number from 0");
}

function refuseOtherTypes(type: string): void {
  if (type === "" || allowedTypes.includes(bareType(type))) return;
  throw new Refusal("invalid_audio_format", "This type of audio is not supported", { supported_formats: audioFormats });
}

function bareType(type: string): string {
  return type.split(";")[0]?.trim().toLowerCase() ?? "";
}
