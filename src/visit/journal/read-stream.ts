/** Which reader and writer a recording's stream needs. The only place that knows how many formats there are. */
import { problem } from "#model/problem.ts";
import { mp4Aac, mp4Opus } from "./mp4.ts";
import type { StreamFormat } from "./packet.ts";
import { webm } from "./webm.ts";

/** The format of a recorder's MIME type, with or without codecs. `recorder_unsupported` for one that nothing here can read. */
export function formatOf(mimeType: string): StreamFormat {
  if (/^audio\/webm\b/u.test(mimeType)) return webm;
  if (/^audio\/mp4\b.*opus/iu.test(mimeType)) return mp4Opus;
  if (/^audio\/mp4\b/u.test(mimeType)) return mp4Aac;
  throw problem("recorder_unsupported", { detail: mimeType.slice(0, 60) });
}
