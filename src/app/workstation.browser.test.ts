import { afterEach, expect, test } from "vitest";
import { deleteDB, openDB } from "idb";
import { readWorkstation, rememberWorkstation } from "./workstation.ts";

afterEach(() => deleteDB("chartside-workstation"));

test("a new workstation has the browser's name, its default microphone and listens to a room", async () => {
  expect(await readWorkstation()).toEqual({
    name: "browser on Linux",
    deviceId: null,
    deviceLabel: null,
    preset: "in_room",
    hasShortcuts: true,
    textSize: "normal",
  });
});

test("what was chosen is there the next time, and one choice leaves the others alone", async () => {
  await rememberWorkstation({ name: " Room 3 PC " });
  await rememberWorkstation({ deviceId: "mic-2", preset: "video_call" });
  expect(await readWorkstation()).toMatchObject({ name: "Room 3 PC", deviceId: "mic-2", preset: "video_call" });
  await rememberWorkstation({ name: "  " });
  expect(await readWorkstation()).toMatchObject({ name: "browser on Linux", deviceId: "mic-2", preset: "video_call" });
  expect([localStorage.length, sessionStorage.length]).toEqual([0, 0]);
});

test("two changes at once both hold", async () => {
  await Promise.all([rememberWorkstation({ deviceId: "mic-2" }), rememberWorkstation({ deviceLabel: "Jabra" })]);
  expect(await readWorkstation()).toMatchObject({ deviceId: "mic-2", deviceLabel: "Jabra" });
});

test("a row that makes no sense is as good as none", async () => {
  await rememberWorkstation({ name: "Room 3 PC" });
  const database = await openDB("chartside-workstation", 1);
  await database.put("workstation", { name: "Room 3 PC", preset: "concert" }, "this");
  database.close();
  expect(await readWorkstation()).toMatchObject({ name: "browser on Linux", preset: "in_room" });
});
