/** Uploads of form B: by multipart, by a raw body with a file name, below the address as the reference server does, or by PUT. */
import { formParts } from "#sandbox/form-data.ts";
import type { Asked, Told } from "#sandbox/scribe-request.ts";
import { isDeclared } from "./gate.ts";
import type { Session, Site } from "./site.ts";
import { audioFormats, fault, findSession, placeIn, store } from "./site.ts";

/** What this server takes; the protocol lets each choose. `presigned` addresses are another host's and want no key. */
export type UploadRules = { ways: ("multipart" | "raw" | "path")[]; isPresigned: boolean; isSingle: boolean };

const signature = "sandbox-signature";

export function uploadUrlOf({ url }: Site, { id }: Session, rules: UploadRules): string {
  return rules.isPresigned ? `${url}/bucket/${id}?X-Amz-Signature=${signature}` : `${url}/v1/sessions/${id}/audio`;
}

export type Upload = { asked: Asked; name: string | undefined; rules: UploadRules };

export function takeAudio(session: Session, { asked, name, rules }: Upload): Told {
  if (rules.isSingle && asked.method === "PUT" && name === undefined) return takeSingle(session, asked);
  const file = rules.isSingle ? undefined : fileIn({ asked, name, rules });
  // FastAPI's answer where no route listens: no code of the protocol.
  if (file === undefined) return { status: 404, body: { detail: "Not Found" } };
  if (session.endedAt !== undefined) return fault(400, "session_ended");
  if (!isDeclared(file.type)) return fault(400, "invalid_audio_format", { supported_formats: audioFormats });
  const place = placeIn(file.name);
  if (place === undefined) return fault(400, "invalid_request", { field: "filename" });
  return store(session, place, file) ? { status: 200 } : fault(400, "chunk_too_large");
}

type File = { name: string; type: string; bytes: Buffer };

function fileIn({ asked, name, rules }: Upload): File | undefined {
  const type = asked.headers["content-type"] ?? "";
  if (asked.method !== "POST") return undefined;
  if (name !== undefined) return rules.ways.includes("path") ? { name, type, bytes: asked.body } : undefined;
  if (type.startsWith("multipart/")) {
    const part = rules.ways.includes("multipart")
      ? formParts(type, asked.body)?.find((one) => one.name === "file")
      : undefined;
    return part && { name: part.fileName ?? "", type: part.contentType ?? "", bytes: part.bytes };
  }
  const given = /filename="([^"]+)"/u.exec(asked.headers["content-disposition"] ?? "")?.[1];
  return rules.ways.includes("raw") && given !== undefined ? { name: given, type, bytes: asked.body } : undefined;
}

function takeSingle(session: Session, { headers, body }: Asked): Told {
  if (session.endedAt !== undefined) return fault(400, "session_ended");
  if (!isDeclared(headers["content-type"] ?? "")) return fault(400, "invalid_audio_format");
  store(session, 0, { name: "audio_0.webm", bytes: body });
  return { status: 200 };
}

/** The object store: it knows signatures, not keys, and refuses a request that brings one along. */
export function takeStored(site: Site, { method, path, query, headers, body }: Asked, rules: UploadRules): Told {
  const [, id = "", name = "audio_0.webm"] = /^\/bucket\/([^/]+)(?:\/([^/]+))?$/u.exec(path) ?? [];
  const isSigned = rules.isPresigned && query.get("X-Amz-Signature") === signature;
  if (!isSigned || method !== "PUT") return { status: 403 };
  if (headers["x-api-key"] !== undefined || headers["authorization"] !== undefined) return { status: 400 };
  const session = findSession(site, id);
  const place = placeIn(name);
  if (session === undefined || session.status === "expired" || place === undefined) return { status: 403 };
  store(session, place, { name, bytes: body });
  return { status: 200 };
}
