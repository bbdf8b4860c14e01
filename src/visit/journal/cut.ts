/** Where one chunk ends and the next begins: in a pause if there is one, never so that a crumb is left over. */
import { samplesToMs } from "./opus.ts";

/** `level` is dBFS around the packet, null when nothing measured it. */
export type Cuttable = { samples: number; level: number | null };

export const plainChunkMs = 15_000;
export const earliestCutMs = 12_000;
/** A running recording is cut when this much waits; what stays behind a cut is then at least `shortestTailMs`. */
export const longestChunkMs = 19_200;
export const shortestTailMs = 1_000;
/** Levels arrive with the fragments, up to 100 ms off: a pause must be wider than one packet to count. */
const neighbours = 2;

/**
 * How many packets the next chunk takes, or 0 when it is better to wait. After the recording's end everything is taken. `limitMs`:
 * what the service takes, where that is less than what we cut.
 */
export function packetsToCut(waiting: readonly Cuttable[], ended: boolean, limitMs = longestChunkMs): number {
  const limits = limitsFor(limitMs);
  const totalMs = samplesToMs(waiting.reduce((sum, packet) => sum + packet.samples, 0));
  const levelsKnown = waiting.every((packet) => packet.level !== null);
  const dueMs = levelsKnown ? limits.longestMs : limits.plainMs + limits.tailMs;
  if (totalMs < dueMs) return ended ? waiting.length : 0;
  return levelsKnown ? quietestCut(waiting, limits) : countWithin(waiting, limits.plainMs);
}

type Limits = { longestMs: number; plainMs: number; earliestMs: number; tailMs: number };

/** Ours, or shorter ones in the same proportions. */
function limitsFor(limitMs: number): Limits {
  const longestMs = Math.min(longestChunkMs, limitMs);
  const tailMs = Math.min(shortestTailMs, longestMs / 4);
  const fullMs = longestMs - tailMs;
  return {
    longestMs,
    tailMs,
    plainMs: Math.min(plainChunkMs, fullMs),
    earliestMs: Math.min(earliestCutMs, (fullMs * 2) / 3),
  };
}

function quietestCut(waiting: readonly Cuttable[], { longestMs, tailMs, earliestMs }: Limits): number {
  const first = countWithin(waiting, earliestMs);
  const last = countWithin(waiting, longestMs - tailMs);
  let best = last;
  let bestLevel = Number.POSITIVE_INFINITY;
  for (let count = first; count <= last; count += 1) {
    const level = loudestAround(waiting, count);
    if (level < bestLevel) [best, bestLevel] = [count, level];
  }
  return best;
}

function loudestAround(waiting: readonly Cuttable[], count: number): number {
  const around = waiting.slice(Math.max(0, count - neighbours), count + neighbours);
  return Math.max(...around.map((packet) => packet.level ?? 0));
}

/** How many packets fit into this time. */
function countWithin(waiting: readonly Cuttable[], limitMs: number): number {
  let spentMs = 0;
  const over = waiting.findIndex((packet) => (spentMs += samplesToMs(packet.samples)) > limitMs);
  return over < 0 ? waiting.length : Math.max(1, over);
}
