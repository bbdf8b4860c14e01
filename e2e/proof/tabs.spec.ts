/** The visit that is being recorded is opened once more, in another tab and on another device: it keeps its one owner. */
import * as clinician from "#e2e/clinician.ts";
import { expect, test } from "./fixtures.ts";
import { judge } from "./rows.ts";
import { beginVisit, endVisit, recordMore, verdictOf } from "./visit.ts";

test("two tabs and a second device", async ({ world, sitDown }) => {
  const { page } = await sitDown({ seconds: 200 });
  await beginVisit(page, world);
  await recordMore(page, 4);
  const other = await page.context().newPage();
  await other.goto(page.url());
  await expect(other.getByRole("main")).toContainText(/./u);
  await recordMore(page, 4);
  await expect(other.getByRole("button", { name: "Stop", exact: true })).toHaveCount(0);
  const device = await sitDown({ seconds: 100, profile: "room-2" });
  await clinician.signIn(device.page, world.origin, clinician.rivera);
  await device.page.goto(page.url());
  await expect(device.page.getByRole("main")).toContainText(/./u);
  await recordMore(page, 4);
  await expect(device.page.getByRole("button", { name: "Stop", exact: true })).toHaveCount(0);
  await page.bringToFront();
  await endVisit(page, world);
  const verdict = await verdictOf(world, [0]);
  judge({ order: 70, fault: "opened in two tabs and on a second device", verdict });
  expect(verdict.stretches).toHaveLength(1);
});
