/**
 * The real vault worker in a browser without `AudioEncoder`: the black box keeps samples. The page dies; what it never gave is a
 * recording of its own, and each of its chunks is decoded by the browser itself and compared with what was said.
 */
import { afterEach, expect, test, vi } from "vitest";
import { VisitId } from "#model/id.ts";
import { visitCreate } from "#protocol/test-visit.ts";
import streamUrl from "#visit/journal/fixtures/chromium-47s.webm?url";
import sizesUrl from "#visit/journal/fixtures/chromium-47s.sizes.json?url";
import { startVaultWorker } from "./start-vault-worker.ts";
import { createVaultClient, type VaultClient } from "./vault-client.ts";
// oxlint-disable-next-line import/default -- the address of the built worker, made by Vite
import vaultWorkerUrl from "./vault-worker.ts?worker&url";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const mimeType = "audio/webm;codecs=opus";
const beganAt = 100_000;
const delayMs = 55;
const sampleRate = 48_000;
const sizes: number[] = await (await fetch(sizesUrl)).json();
const stream = await (await fetch(streamUrl)).arrayBuffer();

type Tab = VaultClient & { crash(): void };
let tabs: Tab[] = [];

function openTab({ worker } = startVaultWorker()): Tab {
  const opened = { ...createVaultClient(worker), crash: () => worker.terminate() };
  tabs.push(opened);
  return opened;
}

/** Scripts of a module are run in the order in which it names them. */
function startWorkerWithoutEncoder(): Worker {
  const urlOf = (script: string) => URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const before = urlOf("delete globalThis.AudioEncoder;");
  const worker = new URL(vaultWorkerUrl, location.href).href;
  return new Worker(urlOf(`import "${before}"; import "${worker}";`), { type: "module" });
}

afterEach(async () => {
  for (const opened of tabs.splice(0)) opened.crash();
  const last = openTab();
  for (const { visitId } of await last.call("held", undefined)) {
    await last.call("erase", { visitId, reason: "retention" });
  }
  for (const opened of tabs.splice(0)) opened.crash();
});

/** A tone that rises all the time: no two moments sound alike. */
const soundAt = (seconds: number): number => Math.sin(2 * Math.PI * (200 * seconds + 60 * seconds ** 2)) * 0.6;

async function boxFile(visitId: VisitId): Promise<File | undefined> {
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("journal");
  const handle = await folder.getFileHandle(`${visitId}.box`).catch(() => undefined);
  return handle?.getFile();
}

async function boxIsAtRest(visitId: VisitId, leastBytes: number): Promise<void> {
  let size = -1;
  await vi.waitFor(
    async () => {
      const before = size;
      size = (await boxFile(visitId))?.size ?? 0;
      expect(size).toBe(before);
      expect(size).toBeGreaterThan(leastBytes);
    },
    { interval: 250, timeout: 20_000 },
  );
}

test("what only the black box heard is there, sample by sample", async () => {
  const tab = openTab({ worker: startWorkerWithoutEncoder(), lock: "" });
  const visitId = VisitId.parse(crypto.randomUUID());
  const names = { patientName: "Ada Quill", patientBirthDate: null, recordNumber: "1047" };
  await tab.call("open", {
    create: visitCreate,
    header: { visitId, ...names, startedAt: 1000, mimeType, clinicianId: "dr-x" },
  });
  const { recording } = await tab.call("record", { visitId, mimeType });
  const { port1: mouth, port2: port } = new MessageChannel();
  await tab.call("blackBox", { visitId, recording, port });
  let at = 0;
  let durableMs = 0;
  for (const size of sizes.slice(0, 8)) {
    const capturedAt = beganAt + durableMs + 300 + delayMs;
    await tab.call("append", { visitId, recording, bytes: stream.slice(at, (at += size)), capturedAt, levels: [] });
    durableMs = (await tab.call("held", undefined))[0]!.durableMs;
  }
  const spokenMs = 8000;
  const length = sampleRate / 50;
  for (let number = 0; number < spokenMs / 20; number += 1) {
    const samples = Float32Array.from({ length }, (_, index) => soundAt((number * length + index) / sampleRate));
    mouth.postMessage({ samples, sampleRate, at: 5000 + number * 20, wall: beganAt + (number + 1) * 20 }, [
      samples.buffer,
    ]);
    if (number % 25 === 24) await tab.call("held", undefined);
  }
  // Samples take more room than Opus ever would.
  await boxIsAtRest(visitId, (spokenMs - durableMs) * 16 * 2);
  tab.crash();

  const next = openTab();
  await next.call("locked", undefined); // answered once every record is read; the list may come before
  const files = await next.call("exportAudio", { visitId });
  expect(files.map((file) => file.mimeType)).toEqual([mimeType, "audio/wav"]);
  const heard = (await new OfflineAudioContext(1, 1, 16_000).decodeAudioData(files[1]!.bytes)).getChannelData(0);
  const [held] = await next.call("held", undefined);
  expect(held!.recoveredMs).toBe(heard.length / 16);
  const filterMs = 2; // what the conversion to 16 kHz keeps back
  const fromMs = spokenMs - filterMs - heard.length / 16;
  expect(durableMs - fromMs).toBeGreaterThanOrEqual(0);
  expect(durableMs - fromMs).toBeLessThanOrEqual(60);
  let [signal, error] = [0, 1e-9];
  for (let index = 80; index < heard.length - 80; index += 1) {
    const right = soundAt(fromMs / 1000 + index / 16_000);
    [signal, error] = [signal + right ** 2, error + (heard[index]! - right) ** 2];
  }
  expect(10 * Math.log10(signal / error)).toBeGreaterThan(60);
  expect(await boxFile(visitId)).toBeUndefined();
});
