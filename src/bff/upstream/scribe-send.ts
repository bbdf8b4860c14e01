/** The scribe's `Send`: chunk uploads and everything else travel in lanes of their own. The discovery document may name another host, over TLS. */
import type { Send } from "#scribe/scribe.ts";
import { createLane } from "./lane.ts";

export type ScribeWire = { send: Send; close(): Promise<void> };

/** `others` are addresses beside the service's own that may be asked, over plain HTTP too. */
export function createScribeSend(config: { SCRIBE_URL: string; others?: string[] }): ScribeWire {
  const origins = [config.SCRIBE_URL, ...(config.others ?? [])].map((url) => new URL(url).origin);
  const lane = (connections: number) =>
    createLane({
      allows: (url) => origins.includes(url.origin) || url.protocol === "https:",
      down: "scribe_down",
      unreadable: "scribe_answer_unreadable",
      connections,
    });
  const uploads = lane(64);
  const calls = lane(32);
  return {
    send: (request) => (typeof request.body === "object" ? uploads : calls).send(request),
    close: async () => {
      await Promise.all([uploads.close(), calls.close()]);
    },
  };
}
