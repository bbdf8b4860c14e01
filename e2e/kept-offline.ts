/** A workstation that opens without the clinic server: waits until what it needs for that is kept. */
import { expect, type Page } from "@playwright/test";
import * as clinician from "./clinician.ts";

/** How many bytes the sealed lists take; 0 while there are none. */
function keptListBytes(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open("chartside-kept");
        opening.addEventListener("error", () => reject(opening.error));
        opening.addEventListener("success", () => {
          const database = opening.result;
          const reading = database.transaction("records").objectStore("records").get("answers");
          reading.addEventListener("success", () => {
            database.close();
            resolve((reading.result as { bytes: ArrayBuffer } | undefined)?.bytes.byteLength ?? 0);
          });
        });
      }),
  );
}

/** The empty list of visits alone is sealed in less; a worklist takes more. */
const worklistBytes = 1000;

/** Signs in and waits until the app would open without the server: its files and the worklist are kept. */
export async function signInAndKeep(page: Page, origin: string): Promise<void> {
  await clinician.signIn(page, origin, clinician.rivera);
  await expect(page.getByRole("link", { name: /^Start visit with/u }).first()).toBeVisible();
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await expect.poll(() => keptListBytes(page)).toBeGreaterThan(worklistBytes);
}
