/** A clinician at a workstation: does with the screen what a person does, and reads only what a person can read. */
import { expect, type Page } from "@playwright/test";
import type { Account } from "#sandbox/seed.ts";

/** Signs in through OpenEMR's own pages and lands on the role's home. */
export async function signIn(
  page: Page,
  origin: string,
  account: Pick<Account, "username" | "password">,
): Promise<void> {
  await page.goto(origin);
  await page.getByRole("button", { name: "Sign in with OpenEMR" }).click();
  await page.getByLabel("Username").fill(account.username);
  await page.getByLabel("Password").fill(account.password);
  await page.getByRole("button", { name: /log ?in|sign in/iu }).click();
  await page.getByRole("button", { name: /authorize|allow/iu }).click();
}

/** Opens the first appointment of that patient, answers consent and waits until the microphone is heard. */
export async function prepareVisit(page: Page, patient: string): Promise<void> {
  await page
    .getByRole("row", { name: new RegExp(patient, "u") })
    .first()
    .getByRole("button", { name: "Start visit" })
    .click();
  await page.getByRole("radio", { name: "Yes" }).first().click();
  await expect(page.getByRole("button", { name: "Start recording" })).toBeEnabled();
}

export async function startRecording(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Start recording" }).click();
  await expect(page.getByRole("button", { name: "Stop" })).toBeEnabled();
}

/** Waits until the screen's timer, which counts seconds on disk, shows at least this much. */
export async function recordedFor(page: Page, seconds: number): Promise<void> {
  await expect.poll(() => secondsOnTimer(page), { timeout: (seconds + 30) * 1000 }).toBeGreaterThanOrEqual(seconds);
}

export async function secondsOnTimer(page: Page): Promise<number> {
  const text = (await page.getByRole("timer").textContent()) ?? "";
  return text.split(":").reduce((sum, part) => sum * 60 + Number(part.replace(/\D/gu, "")), 0);
}

export async function stopRecording(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Stop" }).click();
}

/** Waits for the draft and opens it. */
export async function openDraft(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Review the draft" }).click({ timeout: 120_000 });
  await expect(page.getByRole("heading", { name: "Review the note" })).toBeVisible();
}

/** The sentences of one section with the words of their marks. */
export async function sentencesOf(page: Page, section: string): Promise<string[]> {
  return page.getByRole("region", { name: section }).getByRole("button", { pressed: false }).allInnerTexts();
}

export async function signAndFile(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Review and sign" }).click();
  await page.getByRole("checkbox", { name: /I have read this note/u }).check({ force: true });
  await page.getByRole("button", { name: "Sign and file" }).click();
  await expect(page.getByText(/Filed and verified \d/u)).toBeVisible({ timeout: 30_000 });
}
