/** Small disks of their own for a browser's profile: files mounted as ext4. Only root can mount; elsewhere these rows are not run. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Why no disk can be mounted here; undefined where one can. */
export function whyNot(): string | undefined {
  if (process.getuid?.() !== 0) return "only root can mount a disk";
  return existsSync("/dev/loop-control") ? undefined : "this system mounts no files as disks";
}

export type SmallDisk = { image: string; folder: string };

export type Disks = {
  /** An empty disk of so many MB. */
  make(megabytes: number): SmallDisk;
  /** The disk as it would be found after the power was cut now: what the system had not written yet is not in it. */
  afterPowerCut(disk: SmallDisk): SmallDisk;
  /** Also while a browser still runs on one. */
  unmountAll(): void;
};

export function createDisks(): Disks {
  const folder = mkdtempSync(join(tmpdir(), "chartside-disks-"));
  const mounted: string[] = [];
  const mount = (image: string, name: string): SmallDisk => {
    const place = join(folder, name);
    mkdirSync(place, { recursive: true });
    run("mount", ["-o", "loop", image, place]);
    mounted.push(place);
    return { image, folder: place };
  };
  return {
    make: (megabytes) => {
      const image = join(folder, "disk.img");
      run("truncate", ["-s", `${megabytes}M`, image]);
      run("mkfs.ext4", ["-q", "-m", "0", image]);
      return mount(image, "disk");
    },
    afterPowerCut: (disk) => {
      const image = join(folder, "after-power-cut.img");
      run("cp", ["--sparse=always", disk.image, image]);
      return mount(image, "after-power-cut");
    },
    unmountAll: () => {
      for (const place of mounted) run("umount", ["--lazy", place]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Everything that was written is on the disk now, as it is half a minute later by itself. */
export function settle(disk: SmallDisk): void {
  run("sync", ["--file-system", disk.folder]);
}

/** Writes until no more than so many bytes are free; answers with how to free them again. */
export function fillDisk(disk: SmallDisk, leaveBytes: number): () => void {
  const filler = join(disk.folder, `filler-${leaveBytes}`);
  const { bavail, bsize } = statfsSync(disk.folder);
  const bytes = Math.max(0, bavail * bsize - leaveBytes);
  const block = Buffer.alloc(1_000_000, 1);
  try {
    for (let written = 0; written < bytes; written += block.length) {
      const last = block.subarray(0, Math.min(block.length, bytes - written));
      writeFileSync(filler, last, { flag: "a" });
    }
  } catch (thrown) {
    if (!(thrown instanceof Error && "code" in thrown && thrown.code === "ENOSPC")) throw thrown;
  }
  return () => rmSync(filler);
}

function run(command: string, args: string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command}: ${stderr}`);
}
