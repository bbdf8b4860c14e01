/** The microphone fails while a visit is recorded: what could not be heard is marked to 60 ms, all the rest is there. */
import type { Page } from "@playwright/test";
import { secondsOnTimer } from "#e2e/clinician.ts";
import { isSoak, type Room, test } from "./fixtures.ts";
import { leadOf, watched } from "./heard-at.ts";
import { markedGaps } from "./marks.ts";
import { audioProcess } from "./processes.ts";
import { judgeSilences, type Silence } from "./rows.ts";
import { beginVisit, endVisit, pass, recordMore, verdictOf } from "./visit.ts";

const suspendedMs = isSoak ? 20_000 : 5000;
const forbiddenMs = 3000;
const seconds = isSoak ? 30 : 5;

test("microphone removed, changed, forbidden; audio process killed; suspended", async ({ world, sitDown }) => {
  const room = await sitDown({ seconds: 300, ownGroup: true, isWatched: true });
  const { page } = room;
  const silences: Silence[] = [];
  const through = async (fault: string, act: () => Promise<unknown>): Promise<void> => {
    const isSameCapture = fault.startsWith("suspended");
    const stoodStillFromMs = (await secondsOnTimer(page)) * 1000;
    const tap = await watched(page, room.captureMs);
    const beforeIt = isSameCapture ? await tap.last() : undefined;
    await act();
    await recordMore(page, isSameCapture ? 1 : seconds);
    const next = await watched(page, room.captureMs);
    const before = leadOf(beforeIt ?? (await tap.last()));
    const after = leadOf(isSameCapture ? await next.last() : await next.first());
    silences.push({ fault, before, after, ...(isSameCapture && { stoodStillFromMs }) });
  };
  await beginVisit(page, world);
  await recordMore(page, seconds);
  await through("microphone removed", () => page.evaluate(() => globalThis.chartsideProofTap?.unplug()));
  await through("microphone changed", () => change(page));
  await through(`permission revoked for ${forbiddenMs / 1000} s`, () => forbid(page, world.origin));
  await through("audio process killed", async () => process.kill(audioProcess(room.pid), "SIGKILL"));
  await through(`suspended for ${suspendedMs / 1000} s`, () => suspend(room));
  await endVisit(page, world);
  judgeSilences(50, await verdictOf(world, [0, 0, 0, 0, 0]), { silences, gaps: markedGaps(world.folder) });
});

async function change(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Change", exact: true }).click();
  await page.getByRole("menuitem", { disabled: false }).last().click();
}

async function forbid(page: Page, origin: string): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const set = async (setting: "denied" | "granted"): Promise<void> => {
    await devtools.send("Browser.setPermission", { permission: { name: "microphone" }, setting, origin });
  };
  await set("denied");
  await pass(forbiddenMs);
  await set("granted");
}

/** Every process of the browser stands still, as when the lid is closed. */
async function suspend({ pid }: Room): Promise<void> {
  process.kill(-pid, "SIGSTOP");
  await pass(suspendedMs);
  process.kill(-pid, "SIGCONT");
}
