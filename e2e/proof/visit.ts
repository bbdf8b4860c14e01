/** A visit of the proof from beginning to end: what every row does alike. */
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import * as clinician from "#e2e/clinician.ts";
import type { World } from "#e2e/world.ts";
import { check, type Verdict } from "./checker.ts";
import { decodeChunks, heldChunks } from "./far-end.ts";

export const patient = "Ada Quill";

/** Signs in, answers consent and records. */
export async function beginVisit(page: Page, world: World): Promise<void> {
  await clinician.signIn(page, world.origin, clinician.rivera);
  await clinician.prepareVisit(page, patient);
  await clinician.startRecording(page);
}

/** Stops, and waits until the scribe has been told that it has everything. */
export async function endVisit(page: Page, world: World): Promise<void> {
  await clinician.stopRecording(page);
  await allArrived(world);
}

export async function allArrived(world: World): Promise<void> {
  const scribe = join(world.folder, "scribe");
  await expect.poll(() => heldChunks(scribe).length, { timeout: 120_000 }).toBeGreaterThan(0);
}

export async function verdictOf(world: World, captures: readonly number[]): Promise<Verdict> {
  return check(await decodeChunks(heldChunks(join(world.folder, "scribe"))), captures);
}
