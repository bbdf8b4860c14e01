/** Files in the origin's private file system, through synchronous access handles: the only browser store that flushes per write. */
import { problem, type ProblemError } from "#model/problem.ts";
import type { Disk, DiskFile } from "./disk.ts";

/** Opens (and makes) a folder of the origin's private file system. `storage_unavailable` in a window that allows none. */
export async function openOpfsDisk(folderName: string): Promise<Disk> {
  const folder = await attempt(async () => {
    const root = await navigator.storage.getDirectory();
    return root.getDirectoryHandle(folderName, { create: true });
  });
  return {
    names: () => attempt(() => namesIn(folder)),
    open: (name) =>
      attempt(async () => {
        const file = await folder.getFileHandle(name, { create: true });
        return diskFile(await openWhenFree(file));
      }),
    remove: (name) => attempt(() => folder.removeEntry(name)),
    move: (from, to) =>
      attempt(async () => {
        const file: Movable = await folder.getFileHandle(from);
        if (file.move === undefined) return false;
        await file.move(to);
        return true;
      }),
  };
}

/** Not in every browser, and not in TypeScript's list. */
type Movable = FileSystemFileHandle & { move?: (name: string) => Promise<void> };

/** The browser gives a crashed tab's Web Lock away a moment before its files, so a file that is taken is asked for again. */
const freeWithinMs = 5000;
const askAgainMs = 50;

async function openWhenFree(file: FileSystemFileHandle): Promise<FileSystemSyncAccessHandle> {
  for (let waitedMs = 0; ; waitedMs += askAgainMs) {
    try {
      return await file.createSyncAccessHandle();
    } catch (cause) {
      const isTaken = cause instanceof DOMException && cause.name === "NoModificationAllowedError";
      if (!isTaken || waitedMs >= freeWithinMs) throw cause;
      await new Promise((resolve) => setTimeout(resolve, askAgainMs));
    }
  }
}

async function namesIn(folder: FileSystemDirectoryHandle): Promise<string[]> {
  const names: string[] = [];
  for await (const name of folder.keys()) names.push(name);
  return names;
}

function diskFile(handle: FileSystemSyncAccessHandle): DiskFile {
  return {
    size: () => guarded(() => handle.getSize()),
    read: (at, length) =>
      guarded(() => {
        const bytes = new Uint8Array(length);
        return bytes.subarray(0, handle.read(bytes, { at }));
      }),
    write: (at, bytes) =>
      guarded(() => {
        const written = handle.write(bytes, { at });
        // Of a write that the quota cuts short, Chromium in a private window answers as of a whole one.
        if (written < bytes.length || handle.getSize() < at + bytes.length) throw problem("storage_full");
      }),
    flush: () => guarded(() => handle.flush()),
    truncate: (size) => guarded(() => handle.truncate(size)),
    close: () => handle.close(),
  };
}

async function attempt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw storageProblem(cause);
  }
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw storageProblem(cause);
  }
}

function storageProblem(cause: unknown): ProblemError {
  const name = cause instanceof Error ? cause.name : "unknown";
  if (name === "QuotaExceededError" || (cause instanceof Error && cause.message === "storage_full")) {
    return problem("storage_full", {}, cause);
  }
  return problem("storage_unavailable", { detail: name }, cause);
}
