/** Servers die, refuse, forget and lose their answers while a visit is recorded: nothing is lost, nothing is stored twice. */
import { expect, isSoak, test } from "./fixtures.ts";
import { judgeSpans } from "./rows.ts";
import { beginVisit, during, endVisit, isDrained, recordMore, type Span, verdictOf, waitsFor } from "./visit.ts";

const downSeconds = isSoak ? 120 : 2;
const busyAnswers = isSoak ? 20 : 2;

test("clinic server and scribe fall over in every way", async ({ world, sitDown }) => {
  const { page } = await sitDown({ seconds: downSeconds * 2 + 400 });
  const { scribe } = world;
  await beginVisit(page, world);
  const spans: Span[] = [];
  spans.push(
    await during(page, "clinic server killed and restarted", async () => {
      await world.kill("clinic");
      await waitsFor(page, /waiting for (?:network|the clinic server)/iu);
      await recordMore(page, downSeconds);
      await world.restart("clinic");
      await isDrained(page);
    }),
    await during(page, "scribe killed and restarted", async () => {
      await world.kill("scribe");
      await waitsFor(page, /waiting for the scribe/iu);
      await recordMore(page, downSeconds);
      await world.restart("scribe");
      await isDrained(page);
    }),
    await during(page, "503 with Retry-After", async () => {
      scribe.fault = "busy";
      await expect.poll(() => scribe.met.busy, { timeout: 90_000 }).toBeGreaterThanOrEqual(busyAnswers);
      scribe.fault = "none";
      await isDrained(page);
    }),
    await during(page, "answers lost after the store", async () => {
      scribe.fault = "deaf";
      await expect.poll(() => scribe.met.deaf, { timeout: 90_000 }).toBeGreaterThanOrEqual(2);
      scribe.fault = "none";
      await isDrained(page);
    }),
    await during(page, "scribe session gone (410)", async () => {
      scribe.fault = "forgetful";
      await expect.poll(() => scribe.met.forgetful, { timeout: 90_000 }).toBe(1);
      await recordMore(page, 3);
      await isDrained(page);
    }),
  );
  await endVisit(page, world);
  judgeSpans(20, await verdictOf(world, [0]), spans);
});
