/** The worker that holds the journal dies in the middle of a visit; the page, its microphone and its recorder stay. */
import { expect, test } from "./fixtures.ts";
import { judge } from "./rows.ts";
import { beginVisit, endVisit, recordMore, verdictOf } from "./visit.ts";

declare global {
  // oxlint-disable-next-line no-var -- the page's own
  var vaultWorkers: Worker[];
}

/** Runs in the page, before its scripts. The other workers that the app starts are the taps of microphones. */
function rememberWorkers(): void {
  globalThis.vaultWorkers = [];
  globalThis.Worker = class extends Worker {
    constructor(...given: ConstructorParameters<typeof Worker>) {
      super(...given);
      if (given[1]?.name?.startsWith("vault-") === true) globalThis.vaultWorkers.push(this);
    }
  };
}

/** As a crash ends it: at once, whatever it is doing. */
const endWorker = (): void => globalThis.vaultWorkers.at(-1)?.terminate();

const kills = 3;

test("vault worker killed while recording", async ({ world, sitDown }) => {
  const { page } = await sitDown({ seconds: 200 });
  await page.addInitScript(rememberWorkers);
  await beginVisit(page, world);
  for (let killed = 0; killed < kills; killed += 1) {
    await recordMore(page, 5);
    await page.evaluate(endWorker);
  }
  await recordMore(page, 5);
  const workers = await page.evaluate(() => globalThis.vaultWorkers.length);
  await endVisit(page, world);
  const verdict = await verdictOf(world, [0]);
  judge({ order: 85, fault: `vault worker killed while recording, ${kills} times`, verdict });
  expect(workers).toBe(kills + 1);
  expect(verdict.stretches).toHaveLength(1);
});
