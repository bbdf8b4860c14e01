/** The disk below the recording: the power is cut, it is full before a visit, it fills up during one. */
import { join } from "node:path";
import * as clinician from "#e2e/clinician.ts";
import type { World } from "#e2e/world.ts";
import { canMount, createDisks, type Disks, fillDisk, settle } from "./disks.ts";
import { expect, isSoak, type Room, test as base } from "./fixtures.ts";
import { listen } from "./heard-at.ts";
import { judge, judgeCuts } from "./rows.ts";
import { beginVisit, endVisit, goOn, patient, recordMore, verdictOf } from "./visit.ts";

const seconds = isSoak ? 60 : 12;

const test = base.extend<{ disks: Disks }>({
  disks: async ({ world }, use) => {
    const disks = createDisks(world.folder);
    await use(disks);
    disks.unmountAll();
  },
});

if (canMount) {
  test("power cut: only what the disk had is left", async ({ world, sitDown, disks }) => {
    const disk = disks.make(600);
    await useOnce(await sitDown({ seconds: 60, profile: join(disk.folder, "profile") }), world);
    settle(disk);
    const room = await sitDown({ seconds: 300, profile: join(disk.folder, "profile"), ownGroup: true });
    await beginVisit(room.page, world);
    await recordMore(room.page, seconds);
    const heardMs = (await listen(room.page, room.captureMs)) + Date.now();
    process.kill(-room.pid, "SIGSTOP");
    const left = disks.afterPowerCut(disk);
    process.kill(-room.pid, "SIGKILL");
    const again = await sitDown({ fromSeconds: 1000, seconds: 120, profile: join(left.folder, "profile") });
    const notes = await goOn(again.page, world.origin);
    await recordMore(again.page, 6);
    await endVisit(again.page, world);
    judgeCuts(60, await verdictOf(world, [0, 1_000_000]), [
      { fault: "power cut", heardMs, boundMs: 400, tailMs: 0, notes },
    ]);
  });

  test("disk full before the visit: refused in words; during it: all of it is kept", async ({
    world,
    sitDown,
    disks,
  }) => {
    const disk = disks.make(400);
    const room = await sitDown({ seconds: 300, profile: join(disk.folder, "profile") });
    const { page } = room;
    await clinician.signIn(page, world.origin, clinician.rivera);
    const free = fillDisk(disk, 20_000_000);
    await page
      .getByRole("link", { name: `Start visit with ${patient}` })
      .first()
      .click();
    await expect(page.getByText("This device is full").first()).toBeVisible();
    await expect(page.getByRole("button", { name: "Start recording" })).toBeDisabled();
    free();
    await page.goto(world.origin);
    await clinician.prepareVisit(page, patient);
    await clinician.startRecording(page);
    await recordMore(page, 3);
    fillDisk(disk, 0);
    await recordMore(page, seconds + 8);
    await endVisit(page, world);
    judge({
      order: 65,
      fault: "disk full during the visit",
      verdict: await verdictOf(world, [0]),
      notes: "before it: refused",
    });
  });
}

/** Chromium does not flush the names of a new profile's first files for half a minute; a workstation has been used before. */
async function useOnce(room: Room, world: World): Promise<void> {
  await clinician.signIn(room.page, world.origin, clinician.rivera);
  await clinician.prepareVisit(room.page, patient);
  await room.close();
}
