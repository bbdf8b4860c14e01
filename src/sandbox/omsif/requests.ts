/** Reading a ScribeRequest as strictly as its schema allows (docs/data-models.md; rev 2: the reference server's models). */
import type { Told } from "#sandbox/scribe-request.ts";
import type { Site } from "./site.ts";
import { fault, templates } from "./site.ts";

export type Wanted = { templates: string[]; webhookUrl: string | undefined };

const formats = ["mp3", "wav", "m4a", "aac"];
/** As the formats of the enum are called on the wire. */
export const audioTypes = ["audio/mpeg", "audio/wav", "audio/mp4", "audio/m4a", "audio/aac"];

export function readRequest(
  site: Site,
  body: Record<string, unknown> | undefined,
  allowsAudioConfig: boolean,
): Wanted | Told {
  const ids = body && templateIds(site, body);
  if (ids === undefined) return fault(400, "validation_error");
  if (!ids.every((id) => templates.some((known) => known.id === id))) return fault(404, "resource_not_found");
  const audio = body?.["audio_config"];
  if (audio !== undefined && !allowsAudioConfig) return fault(400, "validation_error");
  if (!isAudioConfig(audio)) return fault(400, "audio_unsupported");
  return withWebhook(ids, objectOf(body?.["config"])?.["webhook_url"]);
}

function withWebhook(ids: string[], url: unknown): Wanted | Told {
  if (url === undefined) return { templates: ids, webhookUrl: undefined };
  const isUrl = typeof url === "string" && URL.canParse(url);
  return isUrl ? { templates: ids, webhookUrl: url } : fault(400, "validation_error");
}

export function isRefusal(read: Wanted | Told): read is Told {
  return "status" in read;
}

/** Rev 1 has one template under its own name, rev 2 a list. */
function templateIds({ revision }: Site, body: Record<string, unknown>): string[] | undefined {
  if (revision === 1) return typeof body["template_id"] === "string" ? [body["template_id"]] : undefined;
  const list = body["templates"];
  const isList = Array.isArray(list) && list.length > 0 && list.every((id) => typeof id === "string");
  return isList ? list : undefined;
}

function isAudioConfig(value: unknown): boolean {
  if (value === undefined) return true;
  const format = objectOf(value)?.["format"];
  return format === undefined || (typeof format === "string" && formats.includes(format));
}

function objectOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null ? { ...value } : undefined;
}
