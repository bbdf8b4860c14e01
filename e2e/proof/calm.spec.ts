/** Nothing breaks: every second that was said is at the scribe, once. */
import * as clinician from "#e2e/clinician.ts";
import { isSoak, test } from "./fixtures.ts";
import { judge } from "./rows.ts";
import { beginVisit, endVisit, verdictOf } from "./visit.ts";

const seconds = isSoak ? 600 : 60;

test(`nothing breaks for ${seconds} s`, async ({ world, sitDown }) => {
  const room = await sitDown({ seconds: seconds + 60 });
  await beginVisit(room.page, world);
  await clinician.recordedFor(room.page, seconds);
  await endVisit(room.page, world);
  judge({ order: 1, fault: "none", verdict: await verdictOf(world, [0]) });
});
