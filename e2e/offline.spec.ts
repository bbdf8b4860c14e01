/** No network, no clinic server: the app opens, records, and sends later; what is kept for that is readable to nobody else. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator, Page } from "@playwright/test";
import * as clinician from "./clinician.ts";
import { expect, quiet, test } from "./fixtures.ts";
import { signInAndKeep } from "./kept-offline.ts";
import { decodedSessions } from "./scribe.ts";

const hears = { sound: { visit: "chest-pain" }, leadInSeconds: 5 };
const patient = "Ada Quill";

/** Everything the document holds, visible or not. */
function everyWord(page: Page): Promise<string> {
  return page.evaluate(() => document.documentElement.outerHTML);
}

/** What this device keeps for opening without the server: how many keys and records. */
function keptHere(page: Page): Promise<{ keys: number; records: string[] }> {
  return page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open("chartside-kept");
        opening.addEventListener("error", () => reject(opening.error));
        opening.addEventListener("success", () => {
          const database = opening.result;
          const reading = database.transaction(["keys", "records"]);
          const keys = reading.objectStore("keys").count();
          const records = reading.objectStore("records").getAllKeys();
          reading.addEventListener("complete", () => {
            database.close();
            resolve({ keys: keys.result, records: records.result.map(String) });
          });
        });
      }),
  );
}

test("the app's own files are kept, and nothing the clinic server says is", async ({ world, sitDown }) => {
  const { page } = await sitDown({ profile: "room-1", hears: quiet });
  await page.goto(world.origin);
  const kept = await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    const paths: string[] = [];
    for (const name of await caches.keys()) {
      for (const { url } of await (await caches.open(name)).keys()) paths.push(new URL(url).pathname);
    }
    return paths;
  });
  expect(kept).toContain("/");
  expect(kept).toEqual(expect.arrayContaining(readdirSync("dist/assets").map((name) => `/assets/${name}`)));
  expect(kept.filter((path) => /^\/(?:api|auth)/u.test(path))).toEqual([]);
  const keptPage = await page.evaluate(async () => (await caches.match("/"))?.text());
  const named = [...(keptPage ?? "").matchAll(/<link rel="preload" as="(?:script|style)"[^>]* href="([^"]+)"/gu)].map(
    ([, path]) => path,
  );
  expect(named.map((path) => path?.replace(/^\/assets\/(.+)-[\w-]{8}\./u, "$1."))).toEqual(
    expect.arrayContaining([
      "first.js",
      "main.js",
      "main.css",
      "signed-in.js",
      "signed-in.css",
      "worklist.js",
      "worklist.css",
    ]),
  );
  expect(kept).toEqual(expect.arrayContaining(named));
  for (const [, path] of readFileSync("dist/index.html", "utf8").matchAll(/(?:src|href)="(\/[^"]+)"/gu)) {
    expect(kept).toContain(path);
  }
  await page.goto(`${world.origin}/`);
  expect(await routeOf(page, "/")).toBe("cache");
  await expect.poll(() => routeOf(page, "/api/session")).toBe("network");
});

/** Which way the browser took without asking the service worker; empty where it asked. */
function routeOf(page: Page, path: string): Promise<string | undefined> {
  return page.evaluate((wanted) => {
    const all: (PerformanceEntry & { workerFinalSourceType?: string })[] = performance.getEntries();
    return all.find(({ name }) => name === `${location.origin}${wanted}`)?.workerFinalSourceType;
  }, path);
}

test("opened without the clinic server: the list with its time, a whole recording, and it arrives when the server is back", async ({
  world,
  sitDown,
}) => {
  const before = await sitDown({ profile: "room-1", hears: quiet });
  await signInAndKeep(before.page, world.origin);
  await before.close();
  await world.kill("clinic");

  const { page } = await sitDown({ profile: "room-1", hears });
  await page.goto(world.origin);
  await expect(page.getByText(/This is the list of \d\d:\d\d/u)).toBeVisible();
  await expect(page.getByText("Clinic server away")).toBeVisible();
  await clinician.prepareVisit(page, patient);
  await clinician.startRecording(page);
  await clinician.recordedFor(page, 16);
  await clinician.stopRecording(page);
  await expect(page.getByText(/Waiting for network|clinic server is not answering/u).first()).toBeVisible();
  await page.getByRole("link", { name: "Back to the worklist" }).click();
  await expect(page.getByText("Waiting for network").first()).toBeVisible();

  await world.restart("clinic");
  await expect(page.getByText("Clinic server away")).toBeHidden();
  await page
    .getByRole("link", { name: `Review draft, ${patient}` })
    .first()
    .click({ timeout: 180_000 });
  await expect(page.getByRole("region", { name: "Subjective", exact: true })).toBeVisible();
  const [decodedMs] = await decodedSessions(join(world.folder, "scribe"));
  expect(decodedMs).toBeGreaterThan(15_000);
});

test("signed out without the server: nothing kept is readable, and the old sign-in opens nothing when it is back", async ({
  world,
  sitDown,
}) => {
  const { page } = await sitDown({ profile: "room-1", hears: quiet });
  await signInAndKeep(page, world.origin);
  expect(await everyWord(page)).toContain(patient);
  await world.kill("clinic");
  await page
    .getByRole("button", { name: "Account" })
    .or(page.getByRole("button", { name: /Clinician/u }))
    .first()
    .click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("button", { name: "Sign in with OpenEMR" })).toBeVisible();
  expect(await keptHere(page)).toEqual({ keys: 0, records: [] });
  await page.goto(world.origin);
  await expect(page.getByText("No connection to the clinic server")).toBeVisible();
  expect(await everyWord(page)).not.toContain("Quill");
  expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);

  await world.restart("clinic");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("button", { name: "Sign in with OpenEMR" })).toBeVisible();
  expect(await page.evaluate(async () => (await fetch("/api/session")).status)).toBe(401);
});

test("OpenEMR down and the sign-in gone: who signed in here today may record, and signs in again in place later", async ({
  world,
  sitDown,
}) => {
  const { page } = await sitDown({ profile: "room-1", hears });
  await signInAndKeep(page, world.origin);
  await page.context().clearCookies();
  await world.kill("chart");
  await page.goto(world.origin);
  await expect(page.getByText("You can still record. Notes are filed when OpenEMR is back.")).toBeVisible();
  expect(await everyWord(page)).not.toContain("Quill");
  await page.getByRole("button", { name: /^Record as/u }).click();
  await expect(page.getByText(/This is the list of \d\d:\d\d/u)).toBeVisible();
  await clinician.prepareVisit(page, patient);
  await clinician.startRecording(page);
  await clinician.recordedFor(page, 16);
  await clinician.stopRecording(page);
  await world.restart("chart");
  await clinician.signInAgainInPlace(page, clinician.rivera);
  await clinician.openDraft(page);
  const [decodedMs] = await decodedSessions(join(world.folder, "scribe"));
  expect(decodedMs).toBeGreaterThan(15_000);
});

test.describe("a workstation that is left", () => {
  test.use({ clinicSettings: { CHARTSIDE_WORKSTATION_IDLE_MS: "20000" } });

  test("its screen is covered: no patient data in the document, the recording keeps timer, Pause and Stop", async ({
    world,
    sitDown,
  }) => {
    const { page } = await sitDown({ profile: "room-1", hears });
    await clinician.beginVisit(page, world.origin, patient);
    const facts = await page.getByRole("region", { name: "Patient", exact: true }).innerText();
    await expect(page.getByRole("heading", { name: "This screen is covered" })).toBeVisible({ timeout: 60_000 });
    const covered = await everyWord(page);
    // Of the patient's facts the words that are no screen's own: family name, year of birth, record number.
    const telling = facts.split(/[\s,()]+/u).filter((fact) => /^\d{3,}$/u.test(fact) || fact === "Quill");
    expect(telling.length).toBeGreaterThanOrEqual(2);
    for (const word of telling) expect(covered).not.toContain(word);
    expect(await page.locator("body").ariaSnapshot()).not.toContain("Quill");
    await expect(page.getByRole("timer")).toBeVisible();
    await page.getByRole("button", { name: "Pause" }).click();
    await expect(page.getByRole("status", { name: "Recording status" })).toContainText("Paused");
    await page.getByRole("button", { name: "Resume" }).click();
    await expect(page.getByRole("heading", { name: "This screen is covered" })).toBeVisible();
    await page.getByRole("button", { name: /^Continue as/u }).click();
    await expect(page.getByRole("region", { name: "Patient", exact: true })).toContainText(patient);

    await expect(page.getByRole("heading", { name: "This screen is covered" })).toBeVisible({ timeout: 60_000 });
    await world.kill("clinic");
    await page.getByRole("button", { name: "Stop" }).click();
    // Whether the cover has already noticed that the server is away, or notices it now: in the end it says so and asks.
    const unproved = page.getByRole("button", { name: /^I am .*: continue$/u });
    await page
      .getByRole("button", { name: /^Continue as/u })
      .or(unproved)
      .click();
    const writing = page.getByRole("heading", { name: "Writing the note" });
    await expect(unproved.or(writing)).toBeVisible();
    if (await unproved.isVisible()) await unproved.click();
    await expect(writing).toBeVisible();
  });
});

test.describe("a newer version of the app", () => {
  const folder = mkdtempSync(join(tmpdir(), "chartside-app-"));
  test.use({ clinicSettings: { CHARTSIDE_STATIC_DIR: folder } });
  test.beforeAll(() => cpSync("dist", folder, { recursive: true }));
  test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const release = (): void => {
    const page = readFileSync(join(folder, "index.html"), "utf8");
    writeFileSync(join(folder, "index.html"), page.replace("<title>", '<meta name="release" content="newer"><title>'));
    const worker = readFileSync(join(folder, "sw.js"), "utf8");
    writeFileSync(join(folder, "sw.js"), worker.replace(/[0-9a-f]{16}/u, "0123456789abcdef"));
  };
  const newer = (page: Page): Locator => page.locator("meta[name=release]");

  test("waits for the recording, is said afterwards, and is used when asked for", async ({ world, sitDown }) => {
    const { page } = await sitDown({ profile: "room-1", hears });
    await signInAndKeep(page, world.origin);
    await page.reload();
    await clinician.prepareVisit(page, patient);
    await clinician.startRecording(page);
    release();
    await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      await registration.update();
      const { installing } = registration;
      while (registration.waiting === null) {
        await new Promise((resolve) => installing?.addEventListener("statechange", resolve, { once: true }));
      }
    });
    await clinician.recordedFor(page, 5);
    await expect(page.getByText("A new version of Chartside is ready")).toHaveCount(0);
    await clinician.recordedFor(page, 16);
    await clinician.stopRecording(page);
    await expect(page.getByText("A new version of Chartside is ready")).toBeVisible();
    await expect(newer(page)).toHaveCount(0);
    await page.getByRole("button", { name: "Use it now" }).click();
    await expect(newer(page)).toHaveCount(1);
    await clinician.openDraft(page);
  });
});
