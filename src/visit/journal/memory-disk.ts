/** A disk of byte arrays, for tests: it can be full, lose power, and its bytes can be looked at and spoiled. */
import { problem } from "#model/problem.ts";
import type { Disk, DiskFile } from "./disk.ts";

type Bytes = Uint8Array<ArrayBuffer>;

export type MemoryDisk = Disk & {
  files: Map<string, Bytes>;
  /** Bytes that still fit. */
  freeBytes: number;
  /** As a browser without `FileSystemFileHandle.move`. */
  canMove: boolean;
  /** Only what was flushed is left. */
  losePower(): void;
};

/** What the disk holds of a file beyond its bytes: how many were really written (the rest is sparse), and what was flushed. */
type Blocks = { written: number; flushed: Bytes | undefined; dirty: { from: number; to: number } };

export function createMemoryDisk(): MemoryDisk {
  const blocks = new Map<string, Blocks>();
  const disk: MemoryDisk = {
    files: new Map(),
    freeBytes: Number.POSITIVE_INFINITY,
    canMove: true,
    names: async () => [...disk.files.keys()],
    open: async (name) => {
      const kept = disk.files.get(name) ?? new Uint8Array();
      const size = kept.length;
      disk.files.set(name, kept);
      if (!blocks.has(name)) blocks.set(name, { written: size, flushed: undefined, dirty: { from: 0, to: size } });
      return openFile(disk, blocks, name);
    },
    losePower: () => {
      disk.files = new Map();
      for (const [name, { flushed }] of blocks) if (flushed) disk.files.set(name, flushed.slice());
    },
    remove: async (name) => {
      disk.freeBytes += blocks.get(name)?.written ?? 0;
      disk.files.delete(name);
      blocks.delete(name);
    },
    move: async (from, to) => {
      if (!disk.canMove) return false;
      for (const map of [disk.files, blocks] as Map<string, unknown>[]) {
        map.set(to, map.get(from));
        map.delete(from);
      }
      return true;
    },
  };
  return disk;
}

function openFile(disk: MemoryDisk, blocks: ReadonlyMap<string, Blocks>, name: string): DiskFile {
  const bytes = (): Bytes => disk.files.get(name) ?? new Uint8Array();
  const block = (): Blocks => blocks.get(name) ?? { written: 0, flushed: undefined, dirty: { from: 0, to: 0 } };
  return {
    size: () => bytes().length,
    read: (at, length) => bytes().slice(at, at + length),
    write: (at, written) => {
      const fits = Math.min(written.length, Math.max(0, block().written + disk.freeBytes - at));
      const to = at + fits;
      disk.freeBytes -= Math.max(0, to - block().written);
      block().written = Math.max(block().written, to);
      if (to > bytes().length) disk.files.set(name, resized(bytes(), to));
      bytes().set(written.subarray(0, fits), at);
      block().dirty = { from: Math.min(block().dirty.from, at), to: Math.max(block().dirty.to, to) };
      if (fits < written.length) throw problem("storage_full");
    },
    flush: () => {
      const { from, to } = block().dirty;
      const { length } = bytes();
      const flushed = block().flushed?.length === length ? block().flushed : resized(block().flushed, length);
      if (from < length) flushed?.set(bytes().subarray(from, to), from);
      [block().flushed, block().dirty] = [flushed, { from: length, to: 0 }];
    },
    truncate: (size) => {
      disk.freeBytes += Math.max(0, block().written - size);
      block().written = Math.min(block().written, size);
      disk.files.set(name, resized(bytes(), size));
    },
    close: () => undefined,
  };
}

function resized(bytes: Bytes | undefined, size: number): Bytes {
  const changed = new Uint8Array(size);
  if (bytes) changed.set(bytes.subarray(0, size));
  return changed;
}
