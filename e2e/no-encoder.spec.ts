/**
 * A browser whose workers have no Opus encoder: what was said just before it is killed comes back as samples, and the scribe takes
 * them between Opus and Opus. The visit is then in two formats: saved, it is several files.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import * as clinician from "./clinician.ts";
import { expect, quiet, test } from "./fixtures.ts";

const hears = { sound: { visit: "chest-pain" }, leadInSeconds: 5 } as const;

/** The page's own policy allows no such worker: it is set aside for this page. */
async function takeEncoderAway(page: Page): Promise<void> {
  await (await page.context().newCDPSession(page)).send("Page.setBypassCSP", { enabled: true });
  await page.addInitScript(() => {
    const Usual = globalThis.Worker;
    globalThis.Worker = class extends Usual {
      constructor(url: string | URL, options?: WorkerOptions) {
        const urlOf = (script: string) => URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
        const first = urlOf("delete globalThis.AudioEncoder;");
        super(urlOf(`import "${first}"; import "${new URL(String(url), location.href).href}";`), options);
      }
    };
  });
}

test("killed without an encoder: the last words reach the scribe as WAV, and Save gives numbered files", async ({
  world,
  sitDown,
}) => {
  const room = await sitDown({ profile: "room-1", hears });
  await takeEncoderAway(room.page);
  await clinician.beginVisit(room.page, world.origin, "Ada Quill");
  await clinician.recordedFor(room.page, 20);
  await room.kill();

  const { page } = await sitDown({ profile: "room-1", hears: quiet });
  await page.goto(world.origin);
  await clinician.signInIfAsked(page, clinician.rivera);
  await expect(page.getByRole("dialog")).toContainText("recovered from the black box");
  await page.getByRole("button", { name: "Finish and send" }).click();
  await clinician.openDraft(page);
  const folder = join(world.folder, "scribe", "audio");
  const starts = readdirSync(folder).flatMap((session) =>
    readdirSync(join(folder, session)).map((place) =>
      readFileSync(join(folder, session, place)).toString("latin1", 0, 4),
    ),
  );
  expect(starts.at(-1)).toBe("RIFF");
  expect(starts.filter((start) => start === "RIFF")).toHaveLength(1);
  await page.goto(`${world.origin}/device`);
  await page.getByRole("button", { name: "Save audio file" }).click();
  await page.getByRole("button", { name: "Save the file" }).click();
  await expect(page.getByText("Part 2 of 2", { exact: true })).toBeVisible();
  for (const part of [1, 2]) {
    const downloaded = page.waitForEvent("download");
    await page.getByRole("button", { name: `Save part ${part}` }).click();
    expect((await downloaded).suggestedFilename()).toContain(`-part-${part}-of-2.${part === 1 ? "webm" : "wav"}`);
    await expect(page.getByRole("button", { name: `Part ${part} saved` })).toBeVisible();
  }
});
