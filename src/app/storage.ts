/** How much audio this browser would keep. It is the browser's promise, not a measurement: a full disk can break it. */
export async function readStorage(): Promise<{ usableBytes: number; persisted: boolean }> {
  const { quota = 0, usage = 0 } = await navigator.storage.estimate();
  return { usableBytes: Math.max(0, quota - usage), persisted: await navigator.storage.persisted() };
}

/** Asks that held audio is not evicted when space is short. The browser may refuse; the visit goes on. */
export async function askToPersist(): Promise<void> {
  await navigator.storage.persist();
}
