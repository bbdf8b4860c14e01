/**
 * How far the clinic server's clock runs ahead of this device's. What a server says of its time was true when its answer came; a page
 * that is busy starting reads it up to seconds later, and the browser knows when it came.
 */
import type { Bootstrap } from "#protocol/bff.ts";

/** In ms. `askedAt`: not before this moment of `performance.now()` was it asked for. */
export function clinicOffset({ now }: Pick<Bootstrap, "now">, askedAt: number): number {
  const answer = performance
    .getEntriesByType("resource")
    .findLast((entry): entry is PerformanceResourceTiming => isAnswer(entry) && entry.startTime >= askedAt);
  const ageMs = answer === undefined ? 0 : performance.now() - answer.responseStart;
  return Math.round(Date.parse(now) - (Date.now() - ageMs));
}

/** One that never came began at 0. */
function isAnswer(entry: PerformanceEntry): boolean {
  const { name, responseStart } = entry as PerformanceResourceTiming;
  return responseStart > 0 && new URL(name).pathname === "/api/bootstrap";
}
