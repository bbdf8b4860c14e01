/** The code service as this server reaches it: its own connections, its own breaker, and only its own address. */
import { setTimeout as waitMs } from "node:timers/promises";
import type { Config } from "#bff/config.ts";
import { createCodify } from "#coding/codify.ts";
import type { Coding } from "#coding/coding.ts";
import type { Clock } from "#model/clock.ts";
import { createLane } from "./lane.ts";

export type CodingService = {
  /** Undefined where CODIFY_URL is not set. */
  coding: Coding | undefined;
  close(): Promise<void>;
};

export function createCodingService(config: Config, clock: Clock): CodingService {
  const { CODIFY_URL: url, CODIFY_TOKEN: token, CODIFY_MODEL: model } = config;
  if (url === undefined || token === undefined) return { coding: undefined, close: () => Promise.resolve() };
  const { origin } = new URL(url);
  const lane = createLane({
    allows: (asked) => asked.origin === origin,
    down: "coding_down",
    unreadable: "coding_answer_unreadable",
    connections: 16,
  });
  const waiting = { clock, wait: (ms: number) => waitMs(ms, undefined, { ref: false }), random: Math.random };
  return { coding: createCodify({ url, token, model, send: lane.send, waiting }), close: lane.close };
}
