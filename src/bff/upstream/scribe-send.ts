/** The scribe's `Send`: chunk uploads and everything else travel in lanes of their own. The discovery document may name another host, over TLS. */
import type { Config } from "#bff/config.ts";
import type { Send } from "#scribe/scribe.ts";
import { createLane } from "./lane.ts";

export type ScribeWire = { send: Send; close(): Promise<void> };

export function createScribeSend(config: Pick<Config, "SCRIBE_URL">): ScribeWire {
  const { origin } = new URL(config.SCRIBE_URL);
  const lane = (connections: number) =>
    createLane({
      allows: (url) => url.origin === origin || url.protocol === "https:",
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
