/** A device for tests: disk and keys that outlive a restart, and what was told meanwhile. */
import { VisitId } from "#model/id.ts";
import type { Problem } from "#model/problem.ts";
import { openJournal, type Journal } from "./journal.ts";
import { makeKey, type Keys } from "./keys.ts";
import { createMemoryDisk, type MemoryDisk } from "./memory-disk.ts";
import { JournalHeader } from "#model/recording.ts";
import type { VisitHeader } from "./records.ts";
import type { SpacePlan } from "./space.ts";
import { visitCreate } from "#protocol/test-visit.ts";

export const visitId = VisitId.parse("3f0c6a52-9a1b-4c0e-8a53-1f4a3f6f2f10");
export const secondId = VisitId.parse("aa0c6a52-9a1b-4c0e-8a53-1f4a3f6f2f11");
export const mimeType = "audio/webm;codecs=opus";

export type Device = {
  disk: MemoryDisk;
  keys: Keys & { locked: boolean; kept: Map<string, CryptoKey> };
  nowMs: number;
  unreadable: [string, Problem][];
  shortage: (string | null)[];
  /** What a restart does: everything but disk and keys is forgotten. */
  restart(): Promise<Journal>;
};

export const smallPlan: SpacePlan = {
  reservedBytes: 131_072,
  leastBytes: 40_000,
  restBytes: 10_000,
  growBytes: 65_536,
  lowBytes: 32_768,
};

export function createDevice(plan = smallPlan): Device {
  const device: Device = {
    disk: createMemoryDisk(),
    keys: createMemoryKeys(),
    nowMs: 5000,
    unreadable: [],
    shortage: [],
    restart: () =>
      openJournal({
        disk: device.disk,
        keys: device.keys,
        clock: { now: () => device.nowMs },
        onChange: () => undefined,
        onUnreadable: (id, told) => device.unreadable.push([id, told]),
        onShort: (_, told) => device.shortage.push(told?.code ?? null),
        plan,
      }),
  };
  return device;
}

function createMemoryKeys(): Device["keys"] {
  const kept = new Map<string, CryptoKey>();
  const keys: Device["keys"] = {
    kept,
    locked: false,
    make: async (id) => {
      const key = await makeKey();
      kept.set(id, key);
      return key;
    },
    read: async (id) => {
      const key = kept.get(id);
      if (!key) throw new Error("no key");
      return keys.locked ? "locked" : key;
    },
    remove: async (id) => void kept.delete(id),
    visits: async () => [...kept.keys()],
  };
  return keys;
}

export function headerOf(id: VisitId): VisitHeader {
  return {
    header: JournalHeader.parse({
      visitId: id,
      patientName: "Ada Quill",
      patientBirthDate: "1961-03-02",
      recordNumber: "1047",
      startedAt: id === visitId ? 1000 : 2000,
      mimeType,
      clinicianId: "dr-x",
    }),
    create: visitCreate,
  };
}
