/** The page, the browser or the machine ends in the middle of a visit; the visit goes on in the next one. */
import type { Page } from "@playwright/test";
import { isSoak, type Room, test } from "./fixtures.ts";
import { type Heard, heardWhenLeft, leadOf, listen } from "./heard-at.ts";
import { type Cut, judgeCuts } from "./rows.ts";
import { beginVisit, endVisit, goOn, pass, recordMore, verdictOf } from "./visit.ts";

/** What is said when the page ends is in the recorder's hands, not yet a fragment: the black box has it, unless the machine is too busy. */
const [boundMs, repeatedMs] = isSoak ? [50, 100] : [400, 400];
/** A page that is left hears on while it ends, and what its workers do not write in the end's 150 ms is lost: more on a busy machine. */
const leftBoundMs = isSoak ? 50 : 2000;
const seconds = isSoak ? 40 : 6;
const hungMs = 5000;
/** What may lie between the last fragment and the end. */
const tailMs = isSoak ? 1500 : 6000;

type End = {
  heard: Heard;
  /** Clock ms; undefined where the page itself says what it had heard. */ at: number | undefined;
};

/** Records, and ends the page by `act`, which answers with the moment (clock ms) of the end if it knows it. */
async function endBy(room: Room, page: Page, act: () => Promise<number | undefined>): Promise<End> {
  await listen(page, room.captureMs); // sets up the tap
  await recordMore(page, seconds);
  const heard = await listen(page, room.captureMs);
  return { heard, at: await act() };
}

/** The visit goes on in this page; what was lost at the end before is known then. */
async function cutAt(page: Page, origin: string, { fault, end }: { fault: string; end: End }): Promise<Cut> {
  const notes = await goOn(page, origin);
  const judged = { fault, repeatedMs, tailMs, notes };
  if (end.at === undefined) return { ...judged, heardMs: await heardWhenLeft(page, end.heard), boundMs: leftBoundMs };
  return { ...judged, heardMs: leadOf(end.heard) + end.at, boundMs };
}

async function crash(page: Page): Promise<number> {
  const devtools = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent("crash");
  const at = Date.now();
  void devtools.send("Page.crash").catch(() => undefined);
  await crashed;
  await page.close();
  return at;
}

async function kill(room: Room): Promise<number> {
  const at = Date.now();
  await room.kill();
  return at;
}

test("reload, crash and closing of the tab, killing of the browser", async ({ world, sitDown }) => {
  const room = await sitDown({ seconds: 300 });
  let { page } = room;
  const cuts: Cut[] = [];
  const cut = async (fault: string, act: () => Promise<number | undefined>): Promise<void> => {
    const end = await endBy(room, page, act);
    page = page.isClosed() ? await page.context().newPage() : page;
    cuts.push(await cutAt(page, world.origin, { fault, end }));
  };
  await beginVisit(page, world);
  await cut("reload", () => page.reload().then(() => undefined));
  await cut("tab closed", () => page.close().then(() => undefined));
  await cut("renderer crashed", () => crash(page));
  const end = await endBy(room, page, () => kill(room));
  const again = await sitDown({ fromSeconds: 1000, seconds: 120 });
  cuts.push(await cutAt(again.page, world.origin, { fault: "browser killed", end }));
  await recordMore(again.page, seconds);
  await endVisit(again.page, world);
  judgeCuts(30, await verdictOf(world, [0, 0, 0, 0, 1_000_000]), cuts);
});

test("a page that hangs, then the browser is killed", async ({ world, sitDown }) => {
  const room = await sitDown({ seconds: 200 });
  await beginVisit(room.page, world);
  const end = await endBy(room, room.page, async () => {
    room.page.evaluate(hang).catch(() => undefined); // it is killed before it answers
    await pass(hungMs);
    return kill(room);
  });
  const again = await sitDown({ fromSeconds: 1000, seconds: 120 });
  const fault = `page hung for ${hungMs / 1000} s, then the browser killed`;
  const cut = await cutAt(again.page, world.origin, { fault, end });
  await recordMore(again.page, seconds);
  await endVisit(again.page, world);
  judgeCuts(40, await verdictOf(world, [0, 1_000_000]), [{ ...cut, tailMs: tailMs + hungMs }]);
});

/** Runs in the page. */
function hang(): void {
  for (const until = Date.now() + 60_000; Date.now() < until;);
}
