/** Which reader and writer a recording's stream needs. The only place that knows how many formats there are. */
import { problem } from "#model/problem.ts";
import type { StreamFormat } from "./packet.ts";
import { webm } from "./webm.ts";

/** The format of a recorder's MIME type, with or without codecs. `recorder_unsupported` for one that nothing here can read. */
export function formatOf(mimeType: string): StreamFormat {
  if (/^audio\/webm\b/u.test(mimeType)) return webm;
  throw problem("recorder_unsupported", { detail: mimeType.slice(0, 60) });
}
