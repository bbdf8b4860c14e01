/** In the place of a service that is no longer configured: nobody else is asked about its jobs, and nothing of a visit goes out. */
import { problem } from "#model/problem.ts";
import type { Scribe } from "#scribe/scribe.ts";

/** Every call throws `scribe_not_configured`. */
export const noScribe: Scribe = {
  abilities: refuse,
  open: refuse,
  send: refuse,
  finish: refuse,
  read: refuse,
};

async function refuse(): Promise<never> {
  throw problem("scribe_not_configured");
}
