/** What every end-to-end test is given: a world of its own and workstations in it that must not complain. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test as base } from "@playwright/test";
import { openWorkstation, type Workstation, type WorkstationOptions } from "./browser.ts";
import { days, offsetTo } from "./dates.ts";
import { tellScreens } from "./last-screens.ts";
import { makeMicrophone, type Heard } from "./microphone.ts";
import type { ServiceForm } from "./services.ts";
import { createWorld, type World } from "./world.ts";

export type Sitting = Workstation & { microphoneSeconds: number };

type Fixtures = {
  /** The clinic's time when the test begins; set with `test.use`. */
  startsAt: number;
  /** Hearings of the speech engine. */
  takes: number;
  /** Settings of the clinic server beside the usual ones. */
  clinicSettings: Record<string, string>;
  /** Which service writes the notes; the local scribe when absent. */
  service: ServiceForm | undefined;
  /** Beside `service` there are the local scribe, in front of it, and one that never answers. */
  isOneOfSeveral: boolean;
  hasCodes: boolean;
  world: World;
  /** Opens a browser; the same profile name again is the same workstation. */
  sitDown(options: { profile: string; hears: Heard } & Partial<WorkstationOptions>): Promise<Sitting>;
};

/** A quiet room, for those who only type. */
export const quiet: Heard = { sound: { noise: "silence", seconds: 1 }, leadInSeconds: 1 };

export const test = base.extend<Fixtures>({
  startsAt: [days.weekday, { option: true }],
  takes: [1, { option: true }],
  clinicSettings: [{}, { option: true }],
  service: [undefined, { option: true }],
  isOneOfSeveral: [false, { option: true }],
  hasCodes: [false, { option: true }],
  world: async ({ startsAt, takes, clinicSettings: clinic, service, isOneOfSeveral, hasCodes }, use) => {
    const clockOffsetMs = offsetTo(startsAt);
    const world = await createWorld({ clockOffsetMs, takes, clinic, service, isOneOfSeveral, hasCodes });
    await use(world);
    await world.stop();
  },
  sitDown: async ({ world }, use, testInfo) => {
    const open: Sitting[] = [];
    await use(async ({ profile: name, hears, ...options }) => {
      const profile = join(world.folder, "profiles", name);
      mkdirSync(profile, { recursive: true });
      const microphone = makeMicrophone(join(world.folder, `${name}-${open.length}.wav`), hears);
      const workstation = await openWorkstation({ ...options, profile, microphone: microphone.path });
      const sitting = { ...workstation, microphoneSeconds: microphone.seconds };
      open.push(sitting);
      return sitting;
    });
    if (testInfo.status !== testInfo.expectedStatus) await tellScreens(open, testInfo.title);
    for (const sitting of open) await sitting.close();
    expect(open.flatMap(({ complaints }) => complaints)).toEqual([]);
  },
});

/** The fixture that opens a browser. */
export type SitDown = Fixtures["sitDown"];

export { expect };
