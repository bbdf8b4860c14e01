/**
 * A clinic whose server keeps the keys of audio (CHARTSIDE_JOURNAL_KEYS=wrapped), opened without network: the visit is wrapped with
 * the public key that this device keeps, records, is locked after a crash, and goes on by itself when the server is back, also
 * when the server has a new key pair by then.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import * as clinician from "./clinician.ts";
import { expect, quiet, test } from "./fixtures.ts";
import { signInAndKeep } from "./kept-offline.ts";
import { decodedSessions } from "./scribe.ts";

test.use({ clinicSettings: { CHARTSIDE_JOURNAL_KEYS: "wrapped" } });

const hears = { sound: { visit: "chest-pain" }, leadInSeconds: 5 } as const;
const patient = "Ada Quill";
const locked = "locked: waiting for the network";
const Pairs = z.array(z.looseObject({ keyId: z.string(), madeAt: z.number() }));

/** The key pairs of the clinic server, newest first. */
function pairsIn(folder: string) {
  const file = join(folder, "bff", "journal-keys.json");
  const read = () => Pairs.parse(JSON.parse(readFileSync(file, "utf8")));
  return { read, makeOld: () => writeFileSync(file, JSON.stringify(read().map((pair) => ({ ...pair, madeAt: 0 })))) };
}

test("begun without the clinic server, cut off, locked; unlocked by a server with a new key pair, finished and sent", async ({
  world,
  sitDown,
}) => {
  const before = await sitDown({ profile: "room-1", hears: quiet });
  await signInAndKeep(before.page, world.origin);
  await before.close();
  await world.kill("clinic");

  const room = await sitDown({ profile: "room-1", hears });
  await room.page.goto(world.origin);
  await expect(room.page.getByText("Clinic server away")).toBeVisible();
  await clinician.prepareVisit(room.page, patient);
  await clinician.startRecording(room.page);
  await clinician.recordedFor(room.page, 16);
  const recordingUrl = room.page.url();
  await room.kill();

  const { page } = await sitDown({ profile: "room-1", hears: quiet });
  await page.goto(world.origin);
  await expect(page.getByText(`1 recording is ${locked}`)).toBeVisible();
  await expect(page.getByText("Nothing of it is lost meanwhile")).toBeVisible();
  for (const url of [recordingUrl, recordingUrl.replace("/recording", "/processing")]) {
    await page.goto(url);
    await expect(page.getByText(`This recording is ${locked}`)).toBeVisible();
  }
  // One step up is the visit's own door; nothing there says that it was sent.
  await page.goto(recordingUrl.replace("/recording", ""));
  await expect(page.getByText(`This recording is ${locked}`)).toBeVisible();

  const pairs = pairsIn(world.folder);
  const [old] = pairs.read();
  pairs.makeOld();
  await world.restart("clinic");
  await expect(page.getByRole("dialog")).toContainText(patient);
  expect(pairs.read().map(({ keyId }) => keyId)).toEqual([expect.not.stringMatching(old?.keyId ?? ""), old?.keyId]);
  await page.getByRole("button", { name: "Finish and send" }).click();
  await clinician.openDraft(page);
  const [decodedMs] = await decodedSessions(join(world.folder, "scribe"));
  expect(decodedMs).toBeGreaterThan(15_500);
});

test("a clinic server that has lost its keys: the screen says that it cannot open the recording, and whom to tell", async ({
  world,
  sitDown,
}) => {
  const room = await sitDown({ profile: "room-1", hears });
  await clinician.beginVisit(room.page, world.origin, patient);
  await clinician.recordedFor(room.page, 4);
  await room.kill();
  await world.kill("clinic");
  writeFileSync(join(world.folder, "bff", "journal-keys.json"), "[]");
  await world.restart("clinic");
  const { page } = await sitDown({ profile: "room-1", hears: quiet });
  await page.goto(world.origin);
  await clinician.signInIfAsked(page, clinician.rivera);
  await expect(page.getByRole("heading", { name: "Today", level: 1 })).toBeVisible(); // the sign-in is finished
  await page.goto(`${world.origin}/device`);
  await expect(page.getByText("the clinic server cannot open it")).toBeVisible();
  await expect(page.getByText("Tell your administrator")).toBeVisible();
});
