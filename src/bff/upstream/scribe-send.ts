/**
 * A scribe service's `Send`: chunk uploads and everything else travel in lanes of their own, behind one breaker. The discovery
 * document may name another host, over TLS.
 */
import type { Send } from "#scribe/scribe.ts";
import { type BreakerState, createBreaker } from "./breaker.ts";
import { createLane, type LaneAnswer } from "./lane.ts";

export type ScribeWire = { send: Send; breaker(): BreakerState; close(): Promise<void> };

/** `others` are addresses beside the service's own that may be asked, over plain HTTP too. */
export function createScribeSend(config: { SCRIBE_URL: string; others?: string[] }): ScribeWire {
  const origins = [config.SCRIBE_URL, ...(config.others ?? [])].map((url) => new URL(url).origin);
  const breaker = createBreaker<LaneAnswer>({ down: "scribe_down", isAway });
  const lane = (connections: number) =>
    createLane({
      allows: (url) => origins.includes(url.origin) || url.protocol === "https:",
      down: "scribe_down",
      unreadable: "scribe_answer_unreadable",
      connections,
      breaker,
    });
  const uploads = lane(64);
  const calls = lane(32);
  return {
    send: (request) => (typeof request.body === "object" ? uploads : calls).send(request),
    breaker: breaker.state,
    close: async () => {
      await Promise.all([uploads.close(), calls.close()]);
    },
  };
}

/** What a proxy says of a service that is not there. With a Retry-After somebody is there, and wants to be asked later. */
function isAway({ status, headers }: LaneAnswer): boolean {
  return [502, 503, 504].includes(status) && headers["retry-after"] === undefined;
}
