/** A clinician at a workstation: does with the screen what a person does, and reads only what a person can read. */
import { expect, type Page } from "@playwright/test";
import { accounts, type Account } from "#sandbox/seed.ts";

export const rivera = accountOf("dr.rivera");
export const okafor = accountOf("dr.okafor");
export const desk = accountOf("desk");

function accountOf(username: string): Account {
  const account = accounts.find((candidate) => candidate.username === username);
  if (!account) throw new Error(`the sandbox has no account ${username}`);
  return account;
}

/** Types name and password on OpenEMR's own page. */
export async function logIn(page: Page, account: Pick<Account, "username" | "password">): Promise<void> {
  await page.getByLabel("Username").fill(account.username);
  await page.getByLabel("Password").fill(account.password);
  await page.getByRole("button", { name: "OpenEMR Login" }).click();
}

/** Signs in through OpenEMR's pages and lands on the role's home. */
export async function signIn(page: Page, origin: string, account: Account): Promise<void> {
  await page.goto(origin);
  await page.getByRole("button", { name: "Sign in with OpenEMR" }).click();
  await logIn(page, account);
  await page.getByRole("button", { name: "Authorize" }).click();
  const home = account.role === "front_desk" ? "Follow-ups" : "Today";
  await expect(page.getByRole("heading", { name: home, level: 1 })).toBeVisible();
}

/** Opens the first appointment of that patient and answers consent; the microphone is heard when this is done. */
export async function prepareVisit(page: Page, patient: string): Promise<void> {
  await page
    .getByRole("link", { name: `Start visit with ${patient}` })
    .first()
    .click();
  await expect(page.getByRole("region", { name: "Patient", exact: true })).toContainText(patient);
  await page.getByRole("radiogroup", { name: "Recording consent" }).getByText("Yes", { exact: true }).click();
  await expect(page.getByRole("button", { name: "Start recording" })).toBeEnabled();
}

export async function startRecording(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Start recording" }).click();
  await expect(page.getByRole("timer")).toBeVisible();
}

/** Signs in, answers consent and records. */
export async function beginVisit(page: Page, origin: string, patient: string): Promise<void> {
  await signIn(page, origin, rivera);
  await prepareVisit(page, patient);
  await startRecording(page);
}

/** Waits until the screen's timer, which counts seconds on disk, shows at least this much. On a busy machine sound falls behind the clock. */
export async function recordedFor(page: Page, seconds: number): Promise<void> {
  const timeout = (seconds * 1.5 + 60) * 1000;
  await expect.poll(() => secondsOnTimer(page), { timeout }).toBeGreaterThanOrEqual(seconds);
}

/** What the timer shows now. */
export async function secondsOnTimer(page: Page): Promise<number> {
  const text = (await page.getByRole("timer").textContent()) ?? "";
  const clock = /(?:\d+:)?\d+:\d\d/u.exec(text)?.[0] ?? "0";
  return clock.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
}

export async function stopRecording(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Stop", exact: true }).click();
}

/** Waits for the draft and opens it. */
export async function openDraft(page: Page): Promise<void> {
  await page.getByRole("link", { name: /Review/u }).click({ timeout: 180_000 });
  await expect(page.getByRole("region", { name: "Subjective", exact: true })).toBeVisible();
}

export type ReadNote = Record<"subjective" | "objective" | "assessment" | "plan", string[]>;

/** The sentences on screen with their marks: "Blood pressure 150/90. Supported". */
export async function readNote(page: Page): Promise<ReadNote> {
  const of = async (title: string): Promise<string[]> => {
    const sentences = page.getByRole("region", { name: title, exact: true }).locator("[data-sentence]");
    const labels = await sentences.evaluateAll((all) => all.map((one) => one.getAttribute("aria-label") ?? ""));
    return labels;
  };
  return {
    subjective: await of("Subjective"),
    objective: await of("Objective"),
    assessment: await of("Assessment"),
    plan: await of("Plan"),
  };
}

/** Replaces the text of a section and waits until the screen says it is saved. */
export async function rewrite(page: Page, section: string, change: (text: string) => string): Promise<void> {
  await page.getByRole("button", { name: `Edit ${section}` }).click();
  const box = page.getByRole("textbox", { name: section });
  await box.fill(change(await box.inputValue()));
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page.getByText(/^Saved /u)).toBeVisible();
}

/** Reads once more, signs, and waits until the chart was read back. */
export async function signAndFile(page: Page): Promise<void> {
  await sign(page);
  await isFiled(page);
}

export async function sign(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Review and sign" }).click();
  await page.getByText("I have read this note").click();
  await page.getByRole("button", { name: "Sign and file" }).click();
}

export async function isFiled(page: Page): Promise<void> {
  await expect(page.getByText(/Filed and verified \d/u)).toBeVisible({ timeout: 60_000 });
}

/** Adds to the signed note on screen, and waits until that was read back from the chart too. */
export async function addAddendum(page: Page, text: string): Promise<void> {
  const addenda = page.getByRole("region", { name: "Addenda" });
  await addenda.getByRole("button", { name: "Add an addendum" }).click();
  await addenda.getByRole("textbox", { name: "Addendum" }).fill(text);
  await addenda.getByRole("button", { name: "Sign and file addendum" }).click();
  await expect(addenda.getByText(/Filed and verified \d/u)).toBeVisible();
}

/** After a restart the session may still be open; otherwise signs in through OpenEMR's pages again. Tells whether it did. */
export async function signInIfAsked(page: Page, account: Account): Promise<boolean> {
  const button = page.getByRole("button", { name: "Sign in with OpenEMR" });
  // What is offered at once covers the list, and the list is then not there for those who cannot see.
  const isHome = page.getByRole("heading", { name: "Today", level: 1 }).or(page.getByRole("dialog"));
  await expect(button.or(isHome).first()).toBeVisible();
  if (!(await button.isVisible())) return false;
  await button.click();
  await logIn(page, account);
  await page.getByRole("button", { name: "Authorize" }).click();
  return true;
}

/** The popup of "Sign in again": the screen behind it stays as it is. */
export async function signInAgainInPlace(page: Page, account: Account): Promise<void> {
  const popup = page.context().waitForEvent("page");
  await page.getByRole("button", { name: "Sign in again" }).click();
  const window = await popup;
  await logIn(window, account);
  await window.getByRole("button", { name: "Authorize" }).click();
}

/** Of the visit that is on screen. */
export function visitIdOn(page: Page): string {
  return /visits\/([0-9a-f-]{36})/u.exec(page.url())?.[1] ?? "";
}
