/** No room for audio: before a visit, and during one. */
import * as clinician from "#e2e/clinician.ts";
import type { World } from "#e2e/world.ts";
import { expect, isSoak, type Room } from "./fixtures.ts";
import { endVisit, patient, recordMore } from "./visit.ts";

/** How long it records after there is no room any more. */
export const fullSeconds = isSoak ? 60 : 6;

/** What a row says of it. */
export const refused = "before it: refused, This device is full";

/** The screen before the visit says that there is no room, and does not let it begin. */
export async function isRefused(page: Room["page"], world: World): Promise<void> {
  await clinician.signIn(page, world.origin, clinician.rivera);
  await page
    .getByRole("link", { name: `Start visit with ${patient}` })
    .first()
    .click();
  await expect(page.getByText("This device is full").first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Start recording" })).toBeDisabled();
}

/** There is space again; a visit begins, and then there is none. */
export async function recordThrough({ page }: Room, world: World, fill: () => unknown): Promise<void> {
  await page.goto(world.origin);
  await clinician.prepareVisit(page, patient);
  await clinician.startRecording(page);
  await recordMore(page, 3);
  await fill();
  await recordMore(page, fullSeconds + 8);
  await endVisit(page, world);
}
