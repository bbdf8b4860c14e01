import { afterEach, expect, test, vi } from "vitest";
import { systemClock } from "#model/clock.ts";
import { openVisitSession } from "./open-visit-session.ts";
import { prepareVault } from "./prepared-vault.ts";

afterEach(() => vi.unstubAllGlobals());

test("a page has one vault and one visit session, however often a drawing begins anew", async () => {
  const started = vi.fn();
  const RealWorker = globalThis.Worker;
  vi.stubGlobal(
    "Worker",
    class extends RealWorker {
      constructor(...given: ConstructorParameters<typeof Worker>) {
        started();
        super(...given);
      }
    },
  );
  prepareVault();
  const terms = { journalKey: null, clockOffsetMs: 0 };
  const first = openVisitSession(systemClock, terms);
  prepareVault();
  expect(openVisitSession(systemClock, terms)).toBe(first);
  expect(started).toHaveBeenCalledTimes(1);
  expect(await first.held()).toEqual([]);
});
