/** A visit of the proof from beginning to end: what every row does alike. */
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import * as clinician from "#e2e/clinician.ts";
import type { World } from "#e2e/world.ts";
import { check, type Verdict } from "./checker.ts";
import { decodeChunks, heldChunks } from "./far-end.ts";
import { openedWord } from "./tap-in-page.ts";

export const patient = "Ada Quill";

/** Signs in (who was here before may be signed in still), answers consent and records. */
export async function beginVisit(page: Page, world: World): Promise<void> {
  await page.goto(world.origin);
  await clinician.signInIfAsked(page, clinician.rivera);
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

/** Part of a recording during which something was broken; ms of recorded time, as the screen's timer shows it. */
export type Span = { fault: string; fromMs: number; toMs: number };

/** Breaks something and mends it while the visit records. */
export async function during(page: Page, fault: string, act: () => Promise<void>): Promise<Span> {
  const fromMs = (await clinician.secondsOnTimer(page)) * 1000;
  await act();
  return { fault, fromMs, toMs: (await clinician.secondsOnTimer(page)) * 1000 };
}

/** Records for so long from now on. */
export async function recordMore(page: Page, seconds: number): Promise<void> {
  await clinician.recordedFor(page, (await clinician.secondsOnTimer(page)) + seconds);
}

/** The same without a look at the screen meanwhile: the scripts that look are compiled in the page, and its heap would hold them. */
export async function recordUnwatched(page: Page, seconds: number): Promise<void> {
  const until = (await clinician.secondsOnTimer(page)) + seconds;
  await pass(seconds * 1000);
  await clinician.recordedFor(page, until);
}

/** The status chip says that it waits for this. */
export async function waitsFor(page: Page, what: RegExp): Promise<void> {
  await expect(page.getByRole("status", { name: "Recording status" })).toContainText(what, { timeout: 60_000 });
}

/** Nothing waits: all that was cut is at the scribe. */
export async function isDrained(page: Page): Promise<void> {
  const chip = page.getByRole("status", { name: "Recording status" });
  await expect(chip).not.toContainText(/waiting/iu, { timeout: 90_000 });
}

/** The visit is offered and goes on. Tells how long the offer took, since the page began to load or, if they had to, since they signed in. */
export async function goOn(page: Page, origin: string): Promise<string> {
  // Nobody looks at the page until it has something to say: Playwright's own scripts take the page's thread 20 ms and more.
  const opened = page.waitForEvent("console", (message) => message.text() === openedWord);
  await page.goto(origin, { waitUntil: "commit" });
  await opened;
  const hasSignedIn = await clinician.signInIfAsked(page, clinician.rivera);
  const signedInAt = Date.now();
  const offer = page.getByRole("dialog");
  await offer.waitFor();
  const afterSignInMs = Date.now() - signedInAt;
  const afterOpeningMs = await page.evaluate(() => Math.round(globalThis.chartsideProofOfferedMs ?? Number.NaN));
  await expect(offer).toContainText(patient);
  await offer.getByRole("button", { name: "Resume" }).click();
  await expect(page.getByRole("timer")).toBeVisible();
  return hasSignedIn
    ? `signed in again, offered ${afterSignInMs} ms after that`
    : `still signed in, offered ${afterOpeningMs} ms after opening the app`;
}

/** Real time: the length of a fault or of a recording, not a wait for something to happen. */
export function pass(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
