/** Nothing breaks: every second that was said is at the scribe, once; and what that costs. */
import { bareRecorderShare, shareDuring, slowestAppends, timeAppends } from "./cost.ts";
import { openDevtools } from "./devtools.ts";
import { isSoak, test } from "./fixtures.ts";
import { judge } from "./rows.ts";
import { beginVisit, endVisit, recordMore, recordUnwatched, verdictOf } from "./visit.ts";

const lengths = isSoak ? [600, 7200] : [60];
/** What a screen loads and the engine compiles comes once, at the beginning: what is held later is the recording's. */
const firstSeconds = isSoak ? 60 : 10;

for (const [index, seconds] of lengths.entries()) {
  test(`nothing breaks for ${seconds} s`, async ({ world, sitDown }) => {
    const { page, pid, endpoint } = await sitDown({ seconds: seconds + 90 });
    await timeAppends(page.context());
    await page.goto(`${world.origin}/robots.txt`); // nothing of the app runs, or is being installed
    const bare = await bareRecorderShare(page, pid);
    await beginVisit(page, world);
    await recordMore(page, firstSeconds);
    const devtools = await openDevtools(endpoint, world.origin);
    const heapBefore = await devtools.heapBytes();
    const share = await shareDuring(pid, () => recordUnwatched(page, seconds - firstSeconds));
    const grown = (await devtools.heapBytes()) - heapBefore;
    const appendMs = await slowestAppends(page);
    devtools.close();
    await endVisit(page, world);
    const notes = [
      `processor ${(share / bare).toFixed(2)} x a bare MediaRecorder (${(bare * 100).toFixed(1)} % of a core)`,
      `heap ${(grown / 1e6).toFixed(2)} MB more than after ${firstSeconds} s`,
      `fragment durable in ${appendMs.toFixed(0)} ms (p99)`,
    ].join("; ");
    judge({ order: index, fault: `none, ${seconds} s`, verdict: await verdictOf(world, [0]), notes });
  });
}
