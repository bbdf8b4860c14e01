/**
 * The light of a running recording: it changes with every second that is on the disk, so it stands still when nothing gets there.
 * No animation drives it, which would have the whole screen drawn 60 times a second for the length of a visit.
 */
export function isLampDim(durableSeconds: number): boolean {
  return durableSeconds % 2 === 1;
}
