/**
 * Which place of the known signal the microphone gave at which moment of the wall clock. A tap beside the app's own use of the
 * microphone is read in the page, and placed in the signal later: that takes long, and a busy machine's sound falls behind the
 * clock in jumps, so a reading counts only near to what is measured with it. The tap is late by its own buffers (about 10 to 20
 * ms), so what it says is a lower bound of what had been heard.
 */
import type { Page } from "@playwright/test";
import { placeIn } from "./checker.ts";
import { samplesPerMs } from "./signal.ts";
import { type LastWord, leftKey, type Reading } from "./tap-in-page.ts";

/** What a tap gave around a moment. `captureMs`: the place at which this capture began to hear the signal. */
export type Heard = { captureMs: number; openedAt: number; readings: Reading[] };

/** On a busy machine some are torn. */
const goodReads = 10;

/** Reads the newest tap now, within 0.25 s once it is set up. */
export async function listen(page: Page, captureMs: number): Promise<Heard> {
  const heard = await page.evaluate(async (count) => {
    const tap = globalThis.chartsideProofTap;
    return tap && { openedAt: tap.openedAt, readings: await tap.read(count) };
  }, goodReads);
  if (heard === undefined) throw new Error("no microphone was opened since the page was loaded");
  return { captureMs, ...heard };
}

export type Watched = {
  /** From the opening on, and until it gave nothing more; about half a second each. */
  first(): Promise<Heard>;
  last(): Promise<Heard>;
};

/** The newest tap, to be asked later too, when another one has taken its place. */
export async function watched(page: Page, captureMs: number): Promise<Watched> {
  const tap = await page.evaluateHandle(() => globalThis.chartsideProofTap);
  const read = async (which: "first" | "latest"): Promise<Heard> => {
    const heard = await tap.evaluate(
      (tap, which) => ({
        openedAt: tap?.openedAt ?? 0,
        readings: (which === "first" ? tap?.first.slice(0, 6) : tap?.latest.slice(-6)) ?? [],
      }),
      which,
    );
    return { captureMs, ...heard };
  };
  return { first: () => read("first"), last: () => read("latest") };
}

/** The capture and the tap may begin so far apart, and the sound of a busy machine falls behind. */
const slackMs = 4000;
/** The sound stands still while the machine does. */
const longestStandstillMs = 30_000;
const sameSound = 0.7;

/**
 * The lead: place in the signal (ms) less clock (ms of this machine), the same as long as one capture runs without falling behind.
 * The earliest reading counts: a tap stumbles, it is never early.
 */
export function leadOf(heard: Heard): number {
  const leads = leadsOf(heard);
  if (leads.length === 0) throw new Error("the microphone does not give the known signal");
  return Math.max(...leads);
}

/** Of the readings that are not torn. */
function leadsOf({ captureMs, openedAt, readings }: Heard): number[] {
  return readings.flatMap(({ wall, samples }) => {
    const expectedMs = captureMs + wall - openedAt;
    const sound = Float32Array.from(samples);
    const place = (fromMs: number, toMs: number) =>
      placeIn(sound, (expectedMs + fromMs) * samplesPerMs, (expectedMs + toMs) * samplesPerMs);
    const near = place(-slackMs, slackMs / 4);
    const found = near.likeness < sameSound ? place(-slackMs - longestStandstillMs, slackMs) : near;
    return found.likeness < sameSound ? [] : [(found.at + samples.length) / samplesPerMs - wall];
  });
}

/**
 * The place (ms) that had been heard when the page that was here before a reload or in a closed tab went away, as it left it for the
 * next one. Sound that the tap itself lost since (its audio stood still) is counted as heard.
 */
export async function heardWhenLeft(page: Page, before: Heard): Promise<number> {
  const left = await page.evaluate((key) => localStorage.getItem(key), leftKey);
  if (left === null) throw new Error("the page before did not say when it went");
  const { at, reading } = JSON.parse(left) as LastWord;
  const last = before.readings.at(-1);
  const [lead] = reading ? leadsOf({ ...before, readings: [reading] }) : [];
  if (reading === undefined || lead === undefined || last === undefined) return leadOf(before) + at;
  const stoodStillMs = Math.max(0, reading.wall - last.wall - (reading.audioMs - last.audioMs));
  return lead + stoodStillMs + at;
}
