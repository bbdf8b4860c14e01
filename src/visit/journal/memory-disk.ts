/** A disk of byte arrays, for tests: it can be full, lose power, and its bytes can be looked at and spoiled. */
import { problem } from "#model/problem.ts";
import type { Disk, DiskFile } from "./disk.ts";

export type MemoryDisk = Disk & {
  files: Map<string, Uint8Array<ArrayBuffer>>;
  /** Bytes that still fit. */
  freeBytes: number;
  /** Only what was flushed is left. */
  losePower(): void;
};

export function createMemoryDisk(): MemoryDisk {
  const flushed = new Map<string, Uint8Array<ArrayBuffer>>();
  const disk: MemoryDisk = {
    files: new Map(),
    freeBytes: Number.POSITIVE_INFINITY,
    names: async () => [...disk.files.keys()],
    open: async (name) => {
      const file = openFile(disk, name);
      return { ...file, flush: () => void flushed.set(name, file.read(0, file.size())) };
    },
    losePower: () => {
      disk.files = new Map(flushed);
    },
    remove: async (name) => void disk.files.delete(name),
  };
  return disk;
}

function openFile(disk: MemoryDisk, name: string): DiskFile {
  const bytes = () => disk.files.get(name) ?? new Uint8Array();
  const resize = (size: number): void => {
    const grown = new Uint8Array(size);
    grown.set(bytes().subarray(0, size));
    disk.files.set(name, grown);
  };
  resize(bytes().length);
  return {
    size: () => bytes().length,
    read: (at, length) => bytes().slice(at, at + length),
    write: (at, written) => {
      const grows = Math.max(0, at + written.length - bytes().length);
      const fits = Math.min(written.length, Math.max(0, written.length - grows + disk.freeBytes));
      disk.freeBytes -= Math.min(grows, disk.freeBytes);
      resize(Math.max(bytes().length, at + fits));
      bytes().set(written.subarray(0, fits), at);
      if (fits < written.length) throw problem("storage_full");
    },
    flush: () => undefined,
    truncate: resize,
    close: () => undefined,
  };
}
