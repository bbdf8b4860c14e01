/** The way between the room and the clinic server breaks while a visit is recorded: nothing is lost, nothing comes twice. */
import * as clinician from "#e2e/clinician.ts";
import { openDevtools } from "./devtools.ts";
import { expect, isSoak, test } from "./fixtures.ts";
import { judgeSpans } from "./rows.ts";
import { beginVisit, during, endVisit, isDrained, recordMore, type Span, verdictOf, waitsFor } from "./visit.ts";

const offlineSeconds = isSoak ? 600 : 14;
const flaps = isSoak ? 20 : 4;

test("network off, slow, flapping; signed out; a page too busy to answer", async ({ world, sitDown }) => {
  const { page, endpoint } = await sitDown({ seconds: offlineSeconds + flaps * 6 + 240 });
  await beginVisit(page, world);
  const devtools = await openDevtools(endpoint, world.origin);
  const spans: Span[] = [];
  spans.push(
    await during(page, `network off for ${offlineSeconds} s`, async () => {
      await devtools.network("off");
      await waitsFor(page, /waiting for network/iu);
      await recordMore(page, offlineSeconds - 12);
      await devtools.network("fast");
      await isDrained(page);
    }),
    await during(page, "slow 2G", async () => {
      await devtools.network("slow");
      await recordMore(page, 20);
      await devtools.network("fast");
      await isDrained(page);
    }),
    await during(page, "network off and on every 3 s", async () => {
      for (let flap = 0; flap < flaps; flap += 1) {
        await devtools.network("off");
        await recordMore(page, 3);
        await devtools.network("fast");
        await recordMore(page, 3);
      }
      await isDrained(page);
    }),
    await during(page, "signed out, signed in again in place", async () => {
      await page.context().clearCookies();
      await waitsFor(page, /waiting for sign-in/iu);
      await recordMore(page, 3);
      await clinician.signInAgainInPlace(page, clinician.rivera);
      await isDrained(page);
    }),
    await during(page, "page blocked for 8 s", async () => {
      await page.evaluate(() => {
        for (const until = Date.now() + 8000; Date.now() < until;);
      });
      await recordMore(page, 2);
    }),
  );
  await endVisit(page, world);
  devtools.close();
  const verdict = await verdictOf(world, [0]);
  judgeSpans(10, verdict, spans);
  expect(verdict.stretches).toHaveLength(1);
});
