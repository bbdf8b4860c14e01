/**
 * OpenEMR's `Send`, at a pace that its few PHP workers bear: ten starts in any second, five at once, and whoever waits at a
 * screen before background filing (facts/openemr-live.md 4).
 */
import type { Config } from "#bff/config.ts";
import { problem } from "#model/problem.ts";
import type { Send } from "#openemr/send.ts";
import { createLane, type Lane } from "./lane.ts";
import { createPace, type Pace, type Urgency } from "./pace.ts";

export type OpenEmrWire = {
  /** For requests that somebody waits for. */
  interactive: Send;
  /** For filing and other background work: goes when nothing interactive waits. */
  background: Send;
  close(): Promise<void>;
};

export function createOpenEmrSend(config: Pick<Config, "OPENEMR_URL">): OpenEmrWire {
  const { origin } = new URL(config.OPENEMR_URL);
  const lane = createLane({
    allows: (url) => url.origin === origin,
    down: "openemr_down",
    unreadable: "openemr_answer_unreadable",
    connections: 5,
  });
  const pace = createPace({ startsPerSecond: 10, atOnce: 5 });
  return {
    interactive: paced(lane, pace, "interactive"),
    background: paced(lane, pace, "background"),
    close: () => lane.close(),
  };
}

/** The deadline runs from the asking, so that time spent waiting for a turn counts. */
function paced(lane: Lane, pace: Pace, urgency: Urgency): Send {
  return async ({ bytes, ...request }) => {
    const askedAt = performance.now();
    return pace(urgency, async () => {
      const leftMs = Math.floor(request.deadlineMs - (performance.now() - askedAt));
      if (leftMs <= 0) throw problem("timed_out");
      const answer = await lane.send({ ...request, ...(bytes && { body: bytes }), deadlineMs: leftMs });
      return { ...answer, body: new TextDecoder().decode(answer.body) };
    });
  };
}
