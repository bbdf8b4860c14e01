/** The page, the browser or the machine ends in the middle of a visit; the visit goes on in the next one. */
import type { Page } from "@playwright/test";
import { isSoak, type Room, test } from "./fixtures.ts";
import { listen, wentAt } from "./heard-at.ts";
import { type Cut, judgeCuts } from "./rows.ts";
import { beginVisit, endVisit, goOn, pass, recordMore, verdictOf } from "./visit.ts";

/** What is said when the page ends is in the recorder's hands, not yet a fragment: the black box has it, unless the machine is too busy. */
const boundMs = isSoak ? 50 : 400;
const seconds = isSoak ? 40 : 6;
const hungMs = 5000;
/** What may lie between the last fragment and the end. */
const tailMs = 1500;

/** `act` answers with the moment (clock ms) at which it ended; the place in the signal then. */
async function heardAtEnd(room: Room, page: Page, act: () => Promise<number>): Promise<number> {
  await recordMore(page, seconds);
  const lead = await listen(page, room.captureMs);
  return lead + (await act());
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

async function reload(page: Page): Promise<number> {
  await page.reload();
  return wentAt(page);
}

async function close(page: Page): Promise<number> {
  await page.close();
  return Date.now();
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
  const cut = async (fault: string, act: () => Promise<number>): Promise<void> => {
    const heardMs = await heardAtEnd(room, page, act);
    page = page.isClosed() ? await page.context().newPage() : page;
    cuts.push({ fault, heardMs, boundMs, tailMs, notes: await goOn(page, world.origin) });
  };
  await beginVisit(page, world);
  await cut("reload", () => reload(page));
  await cut("tab closed", () => close(page));
  await cut("renderer crashed", () => crash(page));
  const heardMs = await heardAtEnd(room, page, () => kill(room));
  const again = await sitDown({ fromSeconds: 1000, seconds: 120 });
  const notes = await goOn(again.page, world.origin);
  cuts.push({ fault: "browser killed", heardMs, boundMs, tailMs, notes });
  await recordMore(again.page, seconds);
  await endVisit(again.page, world);
  judgeCuts(30, await verdictOf(world, [0, 0, 0, 0, 1_000_000]), cuts);
});

test("a page that hangs, then the browser is killed", async ({ world, sitDown }) => {
  const room = await sitDown({ seconds: 200 });
  await beginVisit(room.page, world);
  const heardMs = await heardAtEnd(room, room.page, async () => {
    room.page.evaluate(hang).catch(() => undefined); // it is killed before it answers
    await pass(hungMs);
    return kill(room);
  });
  const again = await sitDown({ fromSeconds: 1000, seconds: 120 });
  const notes = await goOn(again.page, world.origin);
  await recordMore(again.page, seconds);
  await endVisit(again.page, world);
  const fault = `page hung for ${hungMs / 1000} s, then the browser killed`;
  judgeCuts(40, await verdictOf(world, [0, 1_000_000]), [{ fault, heardMs, boundMs, tailMs: tailMs + hungMs, notes }]);
});

/** Runs in the page. */
function hang(): void {
  for (const until = Date.now() + 60_000; Date.now() < until;);
}
