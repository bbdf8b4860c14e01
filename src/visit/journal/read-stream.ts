/** Which reader and writer a recording's stream needs. The only place that knows how many formats there are. */
import { problem } from "#model/problem.ts";
import type * as Mp4 from "./mp4.ts";
import type { StreamFormat } from "./packet.ts";
import type * as Wav from "./wav.ts";
import { webm } from "./webm.ts";

/** Most devices never need them, so they are scripts of their own. */
let mp4: typeof Mp4 | undefined;
let wav: typeof Wav | undefined;

/** Has what this kind of stream needs ready for `formatOf`. Resolves also for a kind that nothing here can read. */
export async function loadFormat(mimeType: string): Promise<void> {
  if (mimeType.startsWith("audio/mp4")) mp4 ??= await import("./mp4.ts");
  if (mimeType.startsWith("audio/wav")) wav ??= await import("./wav.ts");
}

/** The format of a recorder's MIME type, with or without codecs. `recorder_unsupported` for one that nothing here can read. */
export function formatOf(mimeType: string): StreamFormat {
  if (/^audio\/webm\b/u.test(mimeType)) return webm;
  if (/^audio\/mp4\b/u.test(mimeType) && mp4) return /opus/iu.test(mimeType) ? mp4.mp4Opus : mp4.mp4Aac;
  if (/^audio\/wav\b/u.test(mimeType) && wav) return wav.wav;
  throw problem("recorder_unsupported", { detail: mimeType.slice(0, 60) });
}
