/** Processes of one browser only, found below its main process. */
import { readFileSync, readdirSync } from "node:fs";

/** The process in which this browser plays and records sound; another one is started when it ends. */
export function audioProcess(browserPid: number): number {
  const found = descendants(browserPid).find((pid) => commandLine(pid).includes("audio.mojom.AudioService"));
  if (found === undefined) throw new Error("this browser has no audio process");
  return found;
}

function descendants(pid: number): number[] {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/u.test(name))
    .map(Number);
  const children = all.filter((candidate) => parentOf(candidate) === pid);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

function parentOf(pid: number): number | undefined {
  const status = read(`/proc/${pid}/status`);
  const line = /^PPid:\s*(\d+)$/mu.exec(status);
  return line ? Number(line[1]) : undefined;
}

function commandLine(pid: number): string {
  return read(`/proc/${pid}/cmdline`);
}

/** Seconds of processor time that a browser has used so far, all its processes together. */
export function processorSeconds(browserPid: number): number {
  return [browserPid, ...descendants(browserPid)].reduce((sum, pid) => sum + ticksOf(pid) / 100, 0);
}

/** User and system time, fields 14 and 15 of proc_pid_stat(5), in 1/100 s. */
function ticksOf(pid: number): number {
  const fields = read(`/proc/${pid}/stat`).split(") ")[1]?.split(" ") ?? [];
  return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
}

/** Empty for a process that has just ended. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
