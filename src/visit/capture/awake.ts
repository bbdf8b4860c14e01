const lookMs = 250;
/** A hidden tab looks once a second; a longer pause between two looks is a page that could not act. */
const longestStepMs = 1000;

/**
 * Looks four times a second, and tells how much time has been seen since the look before: a page that is blocked or suspended for a
 * minute has seen one second of it, so that what waits for its turn is not taken for missing. Returns the way to stop.
 */
export function lookWhileAwake(onLook: (seenMs: number) => void): () => void {
  let lookedAt = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    const seenMs = Math.min(now - lookedAt, longestStepMs);
    lookedAt = now;
    onLook(seenMs);
  }, lookMs);
  return () => clearInterval(timer);
}

/** Calls back once, after so much time seen. Returns the way to call it off. */
export function afterAwake(ms: number, then: () => void): () => void {
  let leftMs = ms;
  const stop = lookWhileAwake((seenMs) => {
    leftMs -= seenMs;
    if (leftMs > 0) return;
    stop();
    then();
  });
  return stop;
}
