/** What people meet when something is refused: words, one way on, and nothing lost. */
import * as clinician from "./clinician.ts";
import { expect, quiet, test } from "./fixtures.ts";

test("a wrong password is said by OpenEMR, and the right one still works", async ({ world, sitDown }) => {
  const { page } = await sitDown({ profile: "room-1", hears: quiet });
  await page.goto(world.origin);
  await page.getByRole("button", { name: "Sign in with OpenEMR" }).click();
  await clinician.logIn(page, { username: clinician.rivera.username, password: "not-it" });
  await expect(page.getByRole("alert")).toBeVisible();
  await clinician.logIn(page, clinician.rivera);
  await page.getByRole("button", { name: "Authorize" }).click();
  await expect(page.getByRole("heading", { name: "Today", level: 1 })).toBeVisible();
});

test("denied consent at OpenEMR leads back with words and a way to try again", async ({ world, sitDown }) => {
  const { page } = await sitDown({ profile: "room-1", hears: quiet });
  await page.goto(world.origin);
  await page.getByRole("button", { name: "Sign in with OpenEMR" }).click();
  await clinician.logIn(page, clinician.rivera);
  await page.getByRole("button", { name: "Deny" }).click();
  await expect(page.getByText(/did not allow/iu)).toBeVisible();
  await page.getByRole("button", { name: "Back to sign-in" }).click();
  await expect(page.getByRole("button", { name: "Sign in with OpenEMR" })).toBeVisible();
});

test("a denied microphone shows the steps for this browser and Try again", async ({ world, sitDown }) => {
  const { page } = await sitDown({ profile: "room-1", hears: quiet, denyMicrophone: true });
  await clinician.signIn(page, world.origin, clinician.rivera);
  await page.getByRole("link", { name: "Start visit with Ada Quill" }).first().click();
  await page
    .getByRole("button", { name: /microphone/iu })
    .first()
    .click();
  await expect(page.getByText("The browser does not allow the microphone")).toBeVisible();
  await expect(page.getByRole("button", { name: "Try again" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Start recording" })).toBeDisabled();
});

/** What a browser may lack, and what it says of it. */
const lacks = {
  "delete globalThis.MediaRecorder": "This browser cannot record sound",
  "delete StorageManager.prototype.getDirectory": "cannot keep a recording safe on this device",
  "delete Navigator.prototype.locks": "cannot keep two tabs from recording at once",
  "delete Navigator.prototype.mediaDevices": "gives websites no microphone",
};

test("a browser that cannot keep the promise says why before the visit, and does not record", async ({
  world,
  sitDown,
}) => {
  const { page } = await sitDown({ profile: "room-1", hears: quiet });
  await clinician.signIn(page, world.origin, clinician.rivera);
  for (const [lack, words] of Object.entries(lacks)) {
    const lacking = await page.context().newPage();
    await lacking.addInitScript(lack);
    await lacking.goto(world.origin);
    await lacking.getByRole("link", { name: "Start visit with Ada Quill" }).first().click();
    await expect(lacking.getByText(words)).toBeVisible();
    await expect(lacking.getByRole("heading", { name: "Microphone", exact: true })).toHaveCount(0);
    await lacking.getByText("Yes", { exact: true }).click();
    await expect(lacking.getByRole("button", { name: "Start recording" })).toBeDisabled();
    await lacking.close();
  }
});

test("OpenEMR down before sign-in is said in words", async ({ world, sitDown }) => {
  await world.kill("chart");
  const { page } = await sitDown({ profile: "room-1", hears: quiet });
  await page.goto(world.origin);
  await expect(page.getByText("OpenEMR is not answering")).toBeVisible();
});

test("the desk cannot read a note by any route", async ({ world, sitDown }) => {
  const { page } = await sitDown({ profile: "desk", hears: quiet });
  await clinician.signIn(page, world.origin, clinician.desk);
  const statuses = await page.evaluate(async () => {
    const id = "00000000-0000-4000-8000-000000000000";
    const paths = [
      "/api/visits",
      `/api/visits/${id}`,
      `/api/visits/${id}/note`,
      "/api/worklist?date=2026-12-08&scope=all",
      "/api/audit",
    ];
    return Promise.all(paths.map(async (path) => (await fetch(path)).status));
  });
  expect(statuses).toEqual([403, 403, 403, 403, 403]);
});

for (const sound of ["silence", "white"] as const) {
  test(`${sound === "white" ? "noise" : "silence"} instead of speech: a warning while recording, and no note`, async ({
    world,
    sitDown,
  }) => {
    const hears = { sound: { noise: sound, seconds: 60 }, leadInSeconds: 0 };
    const { page } = await sitDown({ profile: "room-1", hears });
    await clinician.beginVisit(page, world.origin, "Ada Quill");
    await expect(
      page
        .getByRole("alert")
        .or(page.getByText(/hear nothing|no speech|not sound like speech/iu))
        .first(),
    ).toBeVisible({ timeout: 60_000 });
    await clinician.recordedFor(page, 18);
    await clinician.stopRecording(page);
    await expect(page.getByText(/not enough speech|could not be understood|quality/iu).first()).toBeVisible({
      timeout: 60_000,
    });
    await expect(page.getByRole("link", { name: /Review/u })).toHaveCount(0);
  });
}
