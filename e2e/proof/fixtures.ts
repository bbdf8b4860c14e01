/** What the proof's tests are given: a world whose scribe can be made to fail, and workstations that hear the known signal. */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, type Page, test as base } from "@playwright/test";
import { openWorkstation, type Workstation, type WorkstationOptions } from "#e2e/browser.ts";
import { days, offsetTo } from "#e2e/dates.ts";
import { tellScreens } from "#e2e/last-screens.ts";
import { createWorld, type World } from "#e2e/world.ts";
import { type BrokenScribe, createBrokenScribe } from "./broken-scribe.ts";
import { tapMicrophones } from "./tap-in-page.ts";
import { writeSignal } from "./signal.ts";

export type Room = Workstation & { captureMs: number };
type Seat = Partial<WorkstationOptions> & {
  /** Where the known signal begins. */
  fromSeconds?: number;
  seconds: number;
  /** A path where the profile must lie somewhere else. */
  profile?: string;
  /** Its microphones are listened to all the time (heard-at.ts). */
  isWatched?: boolean;
};

export type BreakableWorld = World & { scribe: BrokenScribe };

type Fixtures = {
  startsAt: number;
  world: BreakableWorld;
  /** Opens a browser; the same profile again is the same workstation. */
  sitDown(seat: Seat): Promise<Room>;
};

/** Long and real, or as short as it can be and still tell. */
export const isSoak = process.env["CHARTSIDE_SOAK"] === "1";

/** For a busy machine; nothing here is judged by how long it takes. */
const longestMs = isSoak ? 4 * 3_600_000 : 900_000;

export const test = base.extend<Fixtures>({
  startsAt: [days.weekday, { option: true }],
  world: async ({ startsAt }, use, testInfo) => {
    testInfo.setTimeout(longestMs);
    const scribe = createBrokenScribe();
    const beforeScribe = (url: string): Promise<string> => scribe.before(url);
    const world = await createWorld({ clockOffsetMs: offsetTo(startsAt), takes: 1, beforeScribe });
    await use({ ...world, scribe });
    await world.stop();
    scribe.close();
  },
  sitDown: async ({ world }, use, testInfo) => {
    const open: Room[] = [];
    await use(async ({ fromSeconds = 0, seconds, profile: name = "room-1", isWatched = false, ...options }) => {
      const profile = resolve(world.folder, "profiles", name);
      mkdirSync(profile, { recursive: true });
      const microphone = join(world.folder, `signal-${fromSeconds}.wav`);
      writeSignal(microphone, { fromSeconds, seconds });
      const workstation = await openWorkstation({ ...options, profile, microphone });
      const context = workstation.page.context();
      for (const page of context.pages()) leaveFreely(page);
      context.on("page", leaveFreely);
      await tapMicrophones(context, isWatched);
      const room = { ...workstation, captureMs: fromSeconds * 1000 };
      open.push(room);
      return room;
    });
    if (testInfo.status !== testInfo.expectedStatus) await tellScreens(open, testInfo.title);
    for (const room of open) await room.close();
  },
});

/** Says yes when the app asks whether it may be left. */
function leaveFreely(page: Page): void {
  page.on("dialog", (dialog) => void dialog.accept());
}

export { expect };
