/** The browser gives this app no more room: set through DevTools, so it is run everywhere, and stands for a full disk. */
import { judge } from "./rows.ts";
import { isRefused, recordThrough, refused } from "./full.ts";
import { test } from "./fixtures.ts";
import { verdictOf } from "./visit.ts";

const fullQuota = { order: 67, fault: "browser's quota full before the visit and during it" };

test("the browser's quota is full before the visit: refused in words; during it: all of it is kept", async ({
  world,
  sitDown,
}) => {
  const room = await sitDown({ seconds: 300 });
  const devtools = await room.page.context().newCDPSession(room.page);
  const allow = (quotaSize?: number): Promise<unknown> =>
    devtools.send("Storage.overrideQuotaForOrigin", { origin: world.origin, ...(quotaSize && { quotaSize }) });
  await allow(6_000_000);
  await isRefused(room.page, world);
  await allow();
  await recordThrough(room, world, () => allow(1_000_000));
  judge({ ...fullQuota, verdict: await verdictOf(world, [0]), notes: refused });
});
