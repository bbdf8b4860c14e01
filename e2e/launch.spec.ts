/** OpenEMR's page of a patient opens that patient's visit in Chartside. */
import type { Page } from "@playwright/test";
import * as clinician from "./clinician.ts";
import { expect, quiet, test } from "./fixtures.ts";
import type { World } from "./world.ts";

async function openPatient(page: Page, world: World, name: string): Promise<void> {
  await page.goto(`${world.chartUrl}/interface/patient_file/summary/demographics.php`);
  await page.getByRole("link", { name }).click();
}

test("the button on a patient's page opens the visit of that patient and encounter, once", async ({
  world,
  sitDown,
}) => {
  const { page } = await sitDown({ profile: "room-1", hears: quiet });
  await openPatient(page, world, "Ada Quill");
  await page.getByRole("button", { name: "Start an encounter" }).click();
  const started = page.waitForRequest((request) => request.url().startsWith(`${world.origin}/launch?`));
  await page
    .getByRole("listitem")
    .filter({ hasText: "Encounter" })
    .getByRole("link", { name: "Launch Chartside" })
    .click();
  const { searchParams } = new URL((await started).url());
  await clinician.logIn(page, clinician.rivera);
  await page.getByRole("button", { name: "Authorize" }).click();

  await expect(page.getByRole("region", { name: "Patient", exact: true })).toContainText("Ada Quill");
  await expect(page.getByText("the note goes into the encounter that is open in OpenEMR")).toBeVisible();
  expect(page.url()).toBe(`${world.origin}/start/launched`);
  await page.reload();
  await expect(page.getByRole("region", { name: "Patient", exact: true })).toContainText("Ada Quill");

  await page.goto(`${world.origin}/launch?${searchParams.toString()}`);
  await expect(page.getByRole("heading", { name: "This link was used before" })).toBeVisible();

  searchParams.set("iss", "https://openemr.other.example/apis/default/fhir");
  await page.goto(`${world.origin}/launch?${searchParams.toString()}`);
  await expect(page.getByRole("heading", { name: "This does not come from your clinic's OpenEMR" })).toBeVisible();
  await page.getByRole("button", { name: "Open Chartside without a patient" }).click();
  await expect(page.getByRole("heading", { name: "Today", level: 1 })).toBeVisible();
});
