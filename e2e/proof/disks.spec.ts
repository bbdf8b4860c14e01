/** The disk below the recording: the power is cut, it is full before a visit, it fills up during one. */
import { join } from "node:path";
import * as clinician from "#e2e/clinician.ts";
import type { World } from "#e2e/world.ts";
import { createDisks, type Disks, fillDisk, settle, whyNot } from "./disks.ts";
import { expect, isSoak, type Room, test as base } from "./fixtures.ts";
import { leadOf, listen } from "./heard-at.ts";
import { judge, judgeCuts, writeAbsentRow } from "./rows.ts";
import { beginVisit, endVisit, goOn, patient, recordMore, verdictOf } from "./visit.ts";

const seconds = isSoak ? 60 : 6;
const powerCut = { order: 60, fault: "power cut" };
const fullDisk = { order: 65, fault: "disk full before the visit and during it" };
const fullQuota = { order: 67, fault: "browser's quota full before the visit and during it" };

const test = base.extend<{ disks: Disks; row: { order: number; fault: string } }>({
  row: [powerCut, { option: true }],
  /** First of all: where no disk can be mounted the row says so. */
  disks: async ({ row }, use, testInfo) => {
    const why = whyNot();
    if (why !== undefined) writeAbsentRow(row, `not run: ${why}`);
    testInfo.skip(why !== undefined, why);
    const disks = createDisks();
    await use(disks);
    disks.unmountAll();
  },
});

test("power cut: only what the disk had is left", async ({ disks, row, world, sitDown }) => {
  const disk = disks.make(600);
  await useOnce(await sitDown({ seconds: 60, profile: join(disk.folder, "profile") }), world);
  settle(disk);
  const room = await sitDown({ seconds: 300, profile: join(disk.folder, "profile"), ownGroup: true });
  await beginVisit(room.page, world);
  await listen(room.page, room.captureMs); // sets up the tap
  await recordMore(room.page, seconds);
  const heard = await listen(room.page, room.captureMs);
  const at = Date.now();
  process.kill(-room.pid, "SIGSTOP");
  const left = disks.afterPowerCut(disk);
  process.kill(-room.pid, "SIGKILL");
  const again = await sitDown({ fromSeconds: 1000, seconds: 120, profile: join(left.folder, "profile") });
  const notes = await goOn(again.page, world.origin);
  await recordMore(again.page, 6);
  await endVisit(again.page, world);
  const cut = { fault: row.fault, heardMs: leadOf(heard) + at, boundMs: 400, tailMs: 0, notes };
  judgeCuts(row.order, await verdictOf(world, [0, 1_000_000]), [cut]);
});

test.describe("a small disk", () => {
  test.use({ row: fullDisk });

  test("full before the visit: refused in words; during it: all of it is kept", async ({
    disks,
    row,
    world,
    sitDown,
  }) => {
    const disk = disks.make(400);
    const room = await sitDown({ seconds: 300, profile: join(disk.folder, "profile") });
    const free = fillDisk(disk, 5_000_000);
    await isRefused(room.page, world);
    free();
    await recordThrough(room, world, () => void fillDisk(disk, 0));
    judge({ ...row, verdict: await verdictOf(world, [0]), notes: refused });
  });
});

test.describe("the browser's quota", () => {
  test.use({ row: fullQuota });

  test("full before the visit: refused in words; during it: all of it is kept", async ({ row, world, sitDown }) => {
    const room = await sitDown({ seconds: 300 });
    const devtools = await room.page.context().newCDPSession(room.page);
    const allow = (quotaSize?: number): Promise<unknown> =>
      devtools.send("Storage.overrideQuotaForOrigin", { origin: world.origin, ...(quotaSize && { quotaSize }) });
    await allow(6_000_000);
    await isRefused(room.page, world);
    await allow();
    await recordThrough(room, world, () => allow(1_000_000));
    judge({ ...row, verdict: await verdictOf(world, [0]), notes: refused });
  });
});

const refused = "before it: refused, This device is full";

async function isRefused(page: Room["page"], world: World): Promise<void> {
  await clinician.signIn(page, world.origin, clinician.rivera);
  await page
    .getByRole("link", { name: `Start visit with ${patient}` })
    .first()
    .click();
  await expect(page.getByText("This device is full").first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Start recording" })).toBeDisabled();
}

/** There is space again; a visit begins, and then there is none. */
async function recordThrough({ page }: Room, world: World, fill: () => unknown): Promise<void> {
  await page.goto(world.origin);
  await clinician.prepareVisit(page, patient);
  await clinician.startRecording(page);
  await recordMore(page, 3);
  await fill();
  await recordMore(page, seconds + 8);
  await endVisit(page, world);
}

/** Chromium does not flush the names of a new profile's first files for half a minute; a workstation has been used before. */
async function useOnce(room: Room, world: World): Promise<void> {
  await clinician.signIn(room.page, world.origin, clinician.rivera);
  await clinician.prepareVisit(room.page, patient);
  await room.close();
}
