/** Uploads of form B: by multipart, by a raw body with a file name, below the address as the reference server does, or by PUT. */
import { formParts } from "#sandbox/form-data.ts";
import type { Asked, Told } from "#sandbox/scribe-request.ts";
import { headerOf } from "#sandbox/scribe-request.ts";
import { isDeclared } from "./gate.ts";
import type { Session, Site } from "./site.ts";
import { audioFormats, fault, openSession, placeIn, store } from "./site.ts";

/** What this server takes; the protocol lets each choose. `presigned` addresses are another host's and want no key. */
export type UploadRules = { ways: ("multipart" | "raw" | "path")[]; isPresigned: boolean; isSingle: boolean };

const signature = "sandbox-signature";

export function uploadUrlOf({ url }: Site, { id }: Session, rules: UploadRules): string {
  return rules.isPresigned ? `${url}/bucket/${id}?X-Amz-Signature=${signature}` : `${url}/v1/sessions/${id}/audio`;
}

/** `name` is "" when the address names no file. */
export type Upload = { asked: Asked; name: string; rules: UploadRules };

export function takeAudio(session: Session, upload: Upload): Told {
  const { asked, name, rules } = upload;
  if (rules.isSingle && asked.method === "PUT" && name === "") return takeSingle(session, asked);
  const file = rules.isSingle || asked.method !== "POST" ? undefined : fileIn(upload);
  // FastAPI's answer where no route listens: no code of the protocol.
  return file === undefined ? { status: 404, body: { detail: "Not Found" } } : keep(session, file);
}

function keep(session: Session, file: File): Told {
  if (session.endedAt !== undefined) return fault(400, "session_ended");
  if (!isDeclared(file.type)) return fault(400, "invalid_audio_format", { supported_formats: audioFormats });
  const place = placeIn(file.name);
  if (place === undefined) return fault(400, "invalid_request", { field: "filename" });
  return store(session, place, file) ? { status: 200 } : fault(400, "chunk_too_large");
}

type File = { name: string; type: string; bytes: Buffer };

/** By one of the ways that this server takes. */
function fileIn({ asked, name, rules }: Upload): File | undefined {
  const type = headerOf(asked, "content-type");
  const isForm = type.startsWith("multipart/");
  const way = name !== "" ? "path" : isForm ? "multipart" : "raw";
  if (!rules.ways.includes(way)) return undefined;
  if (way === "multipart") return partOf(asked, type);
  const given = /filename="([^"]+)"/u.exec(headerOf(asked, "content-disposition"))?.[1];
  const called = way === "path" ? name : given;
  return called === undefined ? undefined : { name: called, type, bytes: asked.body };
}

function partOf({ body }: Asked, type: string): File | undefined {
  const part = formParts(type, body)?.find((one) => one.name === "file");
  return part && { name: part.fileName ?? "", type: part.contentType ?? "", bytes: part.bytes };
}

function takeSingle(session: Session, asked: Asked): Told {
  if (session.endedAt !== undefined) return fault(400, "session_ended");
  if (!isDeclared(headerOf(asked, "content-type"))) return fault(400, "invalid_audio_format");
  store(session, 0, { name: "audio_0.webm", bytes: asked.body, type: headerOf(asked, "content-type") });
  return { status: 200 };
}

/** The object store: it knows signatures, not keys, and refuses a request that brings one along. */
export function takeStored(site: Site, asked: Asked, rules: UploadRules): Told {
  const { method, path, query, headers } = asked;
  const isSigned = rules.isPresigned && query.get("X-Amz-Signature") === signature;
  if (!isSigned || method !== "PUT") return { status: 403 };
  if (headers["x-api-key"] !== undefined || headers["authorization"] !== undefined) return { status: 400 };
  const [id = "", name = ""] = path.split("/").slice(2);
  const session = openSession(site, id);
  const place = placeIn(name);
  if (session === undefined || place === undefined) return { status: 403 };
  store(session, place, { name, bytes: asked.body, type: headerOf(asked, "content-type") });
  return { status: 200 };
}
