import type { Disk } from "./disk.ts";

/** A file that is not there is removed already. */
export async function removeFile(disk: Disk, name: string): Promise<void> {
  if ((await disk.names()).includes(name)) await disk.remove(name);
}
