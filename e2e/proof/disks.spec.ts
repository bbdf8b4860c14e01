/** The disk below the recording: the power is cut, it is full before a visit, it fills up during one. */
import { join } from "node:path";
import * as clinician from "#e2e/clinician.ts";
import { afterPowerCut, canMount, fillDisk, makeDisk } from "./disks.ts";
import { expect, isSoak, test } from "./fixtures.ts";
import { listen } from "./heard-at.ts";
import { judge, judgeCuts } from "./rows.ts";
import { beginVisit, endVisit, goOn, patient, recordMore, verdictOf } from "./visit.ts";

const seconds = isSoak ? 60 : 12;

if (canMount) {
  test("power cut: only what the disk had is left", async ({ world, sitDown }) => {
    const disk = makeDisk(world.folder, "disk", 600);
    const room = await sitDown({ seconds: 300, profile: join(disk.folder, "profile"), ownGroup: true });
    await beginVisit(room.page, world);
    await recordMore(room.page, seconds);
    const heardMs = (await listen(room.page, room.captureMs)) + Date.now();
    process.kill(-room.pid, "SIGSTOP");
    const left = afterPowerCut(world.folder, disk);
    process.kill(-room.pid, "SIGKILL");
    const again = await sitDown({ fromSeconds: 1000, seconds: 120, profile: join(left.folder, "profile") });
    const notes = await goOn(again.page, world.origin);
    await recordMore(again.page, 6);
    await endVisit(again.page, world);
    await again.close();
    for (const { unmount } of [disk, left]) unmount();
    judgeCuts(60, await verdictOf(world, [0, 1_000_000]), [
      { fault: "power cut", heardMs, boundMs: 400, tailMs: 0, notes },
    ]);
  });

  test("disk full before the visit: refused in words; during it: all of it is kept", async ({ world, sitDown }) => {
    const disk = makeDisk(world.folder, "disk", 400);
    const room = await sitDown({ seconds: 300, profile: join(disk.folder, "profile") });
    const { page } = room;
    await clinician.signIn(page, world.origin, clinician.rivera);
    await clinician.prepareVisit(page, patient);
    const free = fillDisk(disk, 20_000_000);
    await page.getByRole("button", { name: "Start recording" }).click();
    await expect(
      page
        .getByRole("alert")
        .or(page.getByRole("status"))
        .filter({ hasText: /full|space/iu })
        .first(),
    ).toBeVisible();
    free();
    await clinician.startRecording(page);
    await recordMore(page, 3);
    fillDisk(disk, 0);
    await recordMore(page, seconds + 8);
    await endVisit(page, world);
    await room.close();
    disk.unmount();
    judge({
      order: 65,
      fault: "disk full during the visit",
      verdict: await verdictOf(world, [0]),
      notes: "before it: refused",
    });
  });
}
