/**
 * The same visit in a real Firefox, whose microphone is a PulseAudio of its own that plays the known signal. What its recorder gave
 * to the app is kept beside the app: the scribe must hold exactly these packets. What a busy machine lets Firefox lose between its
 * microphone and its recorder is written down and not judged.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { rivera } from "#e2e/clinician.ts";
import { openFirefox } from "./bidi.ts";
import { type Held, placeIn } from "./checker.ts";
import { decodeChunks, heldChunks } from "./far-end.ts";
import { test as base } from "./fixtures.ts";
import { markedGaps } from "./marks.ts";
import { comparePackets, keepRecorders, packetsIn, readRecorders, type Difference } from "./recorder-in-page.ts";
import type { Remote } from "./remote.ts";
import { judgePackets, writeAbsentRow } from "./rows.ts";
import { samplesPerMs, writeSignal } from "./signal.ts";
import { openSoundRoom, type SoundRoom } from "./sound-room.ts";
import { patient } from "./visit.ts";

const seconds = 30;
const calm = { order: 90, fault: `Firefox: none, ${seconds} s` };
const reloaded = { order: 91, fault: "Firefox: page reloaded" };
const killed = { order: 92, fault: "Firefox: browser killed" };

type Row = { order: number; fault: string };

const test = base.extend<{ row: Row; soundRoom: SoundRoom; sitAtFirefox(): Promise<Remote> }>({
  row: [calm, { option: true }],
  soundRoom: async ({ row, world }, use, testInfo) => {
    const missing = ["firefox-esr", "pulseaudio", "paplay"].filter(
      (name) => spawnSync(name, ["--version"]).status !== 0,
    );
    const why = `${missing.join(" and ")} not installed`;
    if (missing.length > 0) writeAbsentRow(row, `not run: ${why}`);
    testInfo.skip(missing.length > 0, why);
    const room = await openSoundRoom(join(world.folder, "sound"));
    await use(room);
    await room.close();
  },
  /** Each time the same workstation; what is still open at the end is closed. */
  sitAtFirefox: async ({ world, soundRoom }, use, testInfo) => {
    const profile = join(world.folder, "firefox");
    mkdirSync(profile);
    const open: Remote[] = [];
    await use(async () => {
      const browser = await openFirefox({ path: "firefox-esr", profile, env: soundRoom.env });
      open.push(browser);
      return browser;
    });
    const last = open.at(-1);
    const isBad = testInfo.status !== testInfo.expectedStatus;
    if (last && isBad)
      await testInfo.attach("last screen", { body: await last.screenshot(), contentType: "image/png" });
    await last?.close();
  },
});

/** One browser at a time: its microphone suffers first when the machine is busy. */
test.describe.configure({ mode: "default" });

test("Firefox: nothing breaks", async ({ world, soundRoom, sitAtFirefox }) => {
  const browser = await sitAtFirefox();
  await signIn(browser, world.origin);
  await keepRecorders(browser);
  soundRoom.play(writeSignal(join(world.folder, "signal.wav"), { fromSeconds: 0, seconds: seconds + 120 }));
  await beginVisit(browser);
  await recordUntil(browser, seconds);
  const { chunks, given } = await endVisit(browser, world.folder);
  const difference = comparePackets(await packetsIn(given), await packetsIn(chunks));
  const held = await decodeChunks(chunks);
  const missed = `its microphone gave it ${missedMs(held.samples).toFixed(0)} ms less than the signal has`;
  judgePackets({ ...calm, ...measured(held, difference), notes: `${browser.version}; ${missed}` });
});

for (const row of [reloaded, killed]) {
  test.describe(() => {
    test.use({ row });
    test(`${row.fault}, and the visit goes on`, async ({ world, soundRoom, sitAtFirefox }) => {
      let browser = await sitAtFirefox();
      await signIn(browser, world.origin);
      await keepRecorders(browser);
      soundRoom.play(writeSignal(join(world.folder, "signal.wav"), { fromSeconds: 0, seconds: seconds + 180 }));
      await beginVisit(browser);
      await recordUntil(browser, seconds / 2);
      const before = await readRecorders(browser);
      if (row === killed) {
        await browser.kill();
        browser = await sitAtFirefox();
      }
      await browser.open(world.origin);
      await browser.until("the visit is offered", () => browser.isThere({ role: "button", name: "Resume" }));
      await keepRecorders(browser);
      await browser.click({ role: "button", name: "Resume" });
      await recordUntil(browser, seconds);
      const { chunks, given } = await endVisit(browser, world.folder);
      // What came between the reading and the cut is held too, and what the black box had: more than was read.
      const { lost, extra } = comparePackets(await packetsIn([...before, ...given]), await packetsIn(chunks));
      const tail = `${extra * packetMs} ms of the last moments before the cut beside what was read`;
      const gap = `gap marked ${(markedInAll(world.folder) / 1000).toFixed(1)} s`;
      const notes = `${browser.version}; ${tail}; ${gap}`;
      judgePackets({ ...row, ...measured(await decodeChunks(chunks), { lost, extra: 0 }), notes });
    });
  });
}

async function signIn(browser: Remote, origin: string): Promise<void> {
  await browser.open(origin);
  await browser.click({ role: "button", name: "Sign in with OpenEMR" });
  await browser.typeInto({ role: "textbox", name: "Username" }, rivera.username);
  await browser.typeInto({ role: "textbox", name: "Password" }, rivera.password);
  await browser.click({ role: "button", name: "OpenEMR Login" });
  await browser.click({ role: "button", name: "Authorize" });
  await browser.until("the worklist", () => browser.isThere({ role: "heading", name: "Today" }));
}

async function beginVisit(browser: Remote): Promise<void> {
  await browser.click({ role: "link", name: new RegExp(`^Start visit with ${patient}`, "u") });
  await browser.click({ role: "radio", name: "Yes" });
  await browser.click({ role: "button", name: "Start recording" });
}

/** Until the screen's timer shows so much. */
async function recordUntil(browser: Remote, wanted: number): Promise<void> {
  const onTimer = async (): Promise<number> => {
    const clock = /(?<minutes>\d+):(?<seconds>\d\d)/u.exec(await browser.read({ role: "timer" }))?.groups;
    return Number(clock?.["minutes"] ?? 0) * 60 + Number(clock?.["seconds"] ?? 0);
  };
  await browser.until(`${wanted} s on the timer`, async () => (await onTimer()) >= wanted, 600_000);
}

/** What the scribe was told is everything, and what this page's recorders gave. */
async function endVisit(browser: Remote, folder: string): Promise<{ chunks: Uint8Array[]; given: Uint8Array[] }> {
  await browser.click({ role: "button", name: "Stop" });
  const scribe = join(folder, "scribe");
  await browser.until("all at the scribe", () => Promise.resolve(heldChunks(scribe).length > 0), 180_000);
  return { chunks: heldChunks(scribe), given: await readRecorders(browser) };
}

const packetMs = 20;

function measured({ samples }: Held, { lost, extra }: Difference) {
  const recordedMs = samples.length / samplesPerMs;
  return { recordedMs, lostMs: lost * packetMs, duplicatedMs: extra * packetMs };
}

/** The signal goes on for so much longer than the sound between their first and last places that are the same. */
function missedMs(samples: Float32Array): number {
  const hop = 50 * samplesPerMs;
  const starts = Array.from({ length: Math.floor(samples.length / hop) - 1 }, (_, index) => index * hop);
  const leadAt = (places: readonly number[], from: number, to: number): number => {
    for (const at of places) {
      const { at: said, likeness } = placeIn(samples.subarray(at, at + 2 * hop), at + from, at + to);
      if (likeness > 0.8) return said - at;
    }
    throw new Error("the microphone does not give the known signal");
  };
  const second = 1000 * samplesPerMs;
  const first = leadAt(starts, 0, 60 * second);
  return (leadAt(starts.toReversed(), first - second, first + 60 * second) - first) / samplesPerMs;
}

function markedInAll(folder: string): number {
  return markedGaps(folder).reduce((sum, { lengthMs }) => sum + (lengthMs ?? Number.NaN), 0);
}
