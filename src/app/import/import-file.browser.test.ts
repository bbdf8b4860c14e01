/** A file goes through the real vault worker: OPFS, keys, chunks. Nobody is signed in, so nothing is sent. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createLastingVault } from "#app/lasting-vault.ts";
import { startVaultWorker } from "#app/start-vault-worker.ts";
import { createVaultClient, type VaultClient } from "#app/vault-client.ts";
import type { NewVisit } from "#app/visit-session-port.ts";
import { systemClock } from "#model/clock.ts";
import { VisitId } from "#model/id.ts";
import { visitCreate } from "#protocol/test-visit.ts";
import { createImports, type Imports } from "./import-file.ts";
import oggUrl from "./fixtures/three-seconds.ogg?url";
import wavUrl from "./fixtures/three-seconds.wav?url";
import webmUrl from "./fixtures/three-seconds.webm?url";

vi.setConfig({ testTimeout: 60_000 }); // encoders are slow on a busy machine

type Tab = VaultClient & { crash(): void };

let tabs: Tab[] = [];
let tab: Tab;
let imports: Imports;
let visit: NewVisit;

function openTab(): Tab {
  const { worker } = startVaultWorker();
  const opened = { ...createVaultClient(worker), crash: () => worker.terminate() };
  tabs.push(opened);
  return opened;
}

beforeEach(() => {
  tab = openTab();
  imports = createImports({ vault: tab, clock: systemClock });
  const visitId = VisitId.parse(crypto.randomUUID());
  const names = { patientName: "Ada Quill", patientBirthDate: null, recordNumber: "1047" };
  visit = { visitId, create: visitCreate, header: { visitId, ...names, startedAt: 1000, clinicianId: "dr-x" } };
});

afterEach(async () => {
  for (const opened of tabs.splice(0)) opened.crash();
  const last = openTab();
  for (const { visitId } of await last.call("held", undefined))
    await last.call("erase", { visitId, reason: "retention" });
  for (const opened of tabs.splice(0)) opened.crash();
});

const fileOf = async (url: string) => new File([await (await fetch(url)).blob()], "visit");

/** Three quarters of a minute: the three seconds again and again. */
async function longFile(): Promise<File> {
  const wav = await (await fetch(wavUrl)).arrayBuffer();
  const head = new DataView(wav.slice(0, 44));
  head.setUint32(4, 36 + 96_000 * 15, true);
  head.setUint32(40, 96_000 * 15, true);
  return new File([head.buffer, ...Array.from({ length: 15 }, () => wav.slice(44, 44 + 96_000))], "visit.wav");
}

async function decodedMs(bytes: ArrayBuffer): Promise<number> {
  return (await new OfflineAudioContext(1, 1, 48_000).decodeAudioData(bytes)).length / 48;
}

const filesOnDisk = async (): Promise<string[]> => {
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("journal");
  const names: string[] = [];
  for await (const name of folder.keys()) names.push(name);
  return names.filter((name) => name.startsWith(visit.visitId));
};

test.each([
  ["wav", wavUrl],
  ["ogg", oggUrl],
  ["webm", webmUrl],
])("%s: the visit is held, finished, and as long as the file", async (_, url) => {
  await imports.importFile(visit, await fileOf(url), () => undefined);
  tab.crash();
  const next = openTab();
  const [held] = await next.call("held", undefined);
  expect(held).toMatchObject({ visitId: visit.visitId, imported: true, finished: true, chunksCut: 1, gaps: [] });
  expect(Math.abs(held!.durableMs - 3000)).toBeLessThanOrEqual(60);
  const [sound] = await next.call("exportAudio", { visitId: visit.visitId });
  expect(Math.abs((await decodedMs(sound!.bytes)) - 3000)).toBeLessThanOrEqual(60);
});

test("a long file is cut into chunks like any recording, and its progress is told", async () => {
  const shares: number[] = [];
  await imports.importFile(visit, await longFile(), (share) => shares.push(share));
  const [held] = await tab.call("held", undefined);
  expect(held).toMatchObject({ chunksCut: 3, finished: true });
  expect(Math.abs(held!.durableMs - 45_000)).toBeLessThanOrEqual(60);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares.at(-1)).toBe(1);
  expect(shares.some((share) => share > 0.2 && share < 0.8)).toBe(true);
});

test("what cannot be read makes no visit", async () => {
  const text = new File(["Dear Dr. Quill"], "letter.txt");
  await expect(imports.importFile(visit, text, () => undefined)).rejects.toMatchObject({
    problem: { code: "file_unreadable", field: "file" },
  });
  expect(await filesOnDisk()).toEqual([]);
});

test("cancelled half way: no sound of it stays, and another import can begin", async () => {
  const cancelled: Promise<boolean>[] = [];
  const running = imports.importFile(visit, await longFile(), (share) => {
    if (share > 0.3 && cancelled.length === 0) cancelled.push(imports.cancel(visit.visitId));
  });
  await expect(running).rejects.toMatchObject({ problem: { code: "cancelled" } });
  expect(await Promise.all(cancelled)).toEqual([true]);
  expect(await tab.call("held", undefined)).toEqual([]);
  expect(await imports.cancel(visit.visitId)).toBe(false);
});

test("the vault's worker dies half way: another one takes the rest, and all of the file is held", async () => {
  const workers: Worker[] = [];
  const vault = createLastingVault({
    start: () => {
      const started = startVaultWorker();
      workers.push(started.worker);
      return started;
    },
  });
  tab.crash();
  const kill = (share: number): void => {
    if (share > 0.3 * workers.length) workers.at(-1)!.terminate();
  };
  await createImports({ vault, clock: systemClock }).importFile(visit, await longFile(), kill);
  expect(workers.length).toBeGreaterThan(1);
  const [held] = await vault.call("held", undefined);
  expect(held).toMatchObject({ imported: true, finished: true, chunksCut: 3, gaps: [], recoveredMs: 0 });
  const [sound] = await vault.call("exportAudio", { visitId: visit.visitId });
  expect(Math.abs((await decodedMs(sound!.bytes)) - 45_000)).toBeLessThanOrEqual(60);
  workers.at(-1)!.terminate();
});

test("the tab dies half way: nothing half imported is held afterwards", async () => {
  const dead = new Promise<void>((resolve) => {
    void longFile().then((file) =>
      imports
        .importFile(visit, file, (share) => {
          if (share < 0.3) return;
          tab.crash();
          resolve();
        })
        .catch(() => undefined),
    );
  });
  await dead;
  expect(await openTab().call("held", undefined)).toEqual([]);
});
