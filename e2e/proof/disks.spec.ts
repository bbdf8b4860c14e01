/** The disk below the recording: the power is cut, it is full before a visit, it fills up during one. */
import { join } from "node:path";
import * as clinician from "#e2e/clinician.ts";
import type { World } from "#e2e/world.ts";
import { createDisks, type Disks, fillDisk, settle, whyNot } from "./disks.ts";
import { type Room, test as base } from "./fixtures.ts";
import { fullSeconds, isRefused, recordThrough, refused } from "./full.ts";
import { leadOf, listen } from "./heard-at.ts";
import { judge, judgeCuts, writeAbsentRow } from "./rows.ts";
import { beginVisit, endVisit, goOn, patient, recordMore, verdictOf } from "./visit.ts";

const powerCut = { order: 60, fault: "power cut" };
const fullDisk = { order: 65, fault: "disk full before the visit and during it" };

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
  await recordMore(room.page, fullSeconds);
  const heard = await listen(room.page, room.captureMs);
  const at = Date.now();
  process.kill(-room.pid, "SIGSTOP");
  const left = disks.afterPowerCut(disk);
  process.kill(-room.pid, "SIGKILL");
  const again = await sitDown({ fromSeconds: 1000, seconds: 120, profile: join(left.folder, "profile") });
  const notes = await goOn(again.page, world.origin);
  await recordMore(again.page, 6);
  await endVisit(again.page, world);
  const cut = { fault: row.fault, heardMs: leadOf(heard) + at, boundMs: 400, repeatedMs: 100, tailMs: 0, notes };
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

/** Chromium does not flush the names of a new profile's first files for half a minute; a workstation has been used before. */
async function useOnce(room: Room, world: World): Promise<void> {
  await clinician.signIn(room.page, world.origin, clinician.rivera);
  await clinician.prepareVisit(room.page, patient);
  await room.close();
}
