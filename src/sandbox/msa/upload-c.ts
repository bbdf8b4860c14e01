/** Uploads of form C: a raw body below the session, the file's name in the path; or an object store's POST policy. */
import type { FormPart } from "#sandbox/form-data.ts";
import { formParts } from "#sandbox/form-data.ts";
import type { Asked, Told } from "#sandbox/scribe-request.ts";
import { headerOf } from "#sandbox/scribe-request.ts";
import type { Session, Site } from "./site.ts";
import { audioFormats, fault, openSession, placeIn, store } from "./site.ts";

export type Storage = "path" | "form";

/** The type is compared character by character. A name without a place is answered as the real service does: 500. */
export function takePath(session: Session, name: string, { headers, body }: Asked): Told {
  if (session.status === "processing") return fault(400, "session_ended");
  if (session.endedAt !== undefined) return fault(400, "session_completed");
  if (!audioFormats.includes(headers["content-type"] ?? "")) return fault(400, "invalid_audio_format");
  const place = placeIn(name);
  if (place === undefined) return fault(500, "unexpected_error");
  const extension = name.slice(name.lastIndexOf(".") + 1);
  if (!store(session, place, { name: `${place}.${extension}`, bytes: body, type: headers["content-type"] ?? "" }))
    return fault(413, "file_too_large");
  return { status: 200, body: { session_id: session.id, success: true, original_filename: name } };
}

/** Fields first, then the file; no header of ours may come along. */
export function takeForm(site: Site, asked: Asked): Told {
  if (asked.headers["authorization"] !== undefined) return { status: 400 };
  const parts = formParts(headerOf(asked, "content-type"), asked.body) ?? [];
  const file = parts.at(-1);
  if (textOf(parts, "policy") !== "sandbox-policy" || file?.name !== "file") return { status: 403 };
  const [id = "", name = ""] = textOf(parts, "key").split("/");
  const session = openSession(site, id);
  const place = placeIn(name);
  if (session === undefined || place === undefined) return { status: 403 };
  store(session, place, { name, bytes: file.bytes, type: typeOf(file) });
  return { status: 204 };
}

function typeOf({ contentType = "" }: FormPart): string {
  return contentType;
}

function textOf(parts: FormPart[], name: string): string {
  return parts.find((part) => part.name === name)?.bytes.toString() ?? "";
}
