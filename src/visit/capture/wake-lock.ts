/** Keeps the screen on while recording: phones stop the microphone when it goes dark. The system drops the lock in the background. */

export type WakeLock = { release(): void };

/** A refusal (low battery, no support) is no reason to stop recording, so it is not told. */
export function keepScreenOn(): WakeLock {
  let held: WakeLockSentinel | undefined;
  let isWanted = true;

  const take = (): void => {
    if (document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
    navigator.wakeLock.request("screen").then(
      (sentinel) => {
        if (isWanted) held = sentinel;
        else void sentinel.release();
      },
      () => undefined,
    );
  };
  document.addEventListener("visibilitychange", take);
  take();
  return {
    release: () => {
      isWanted = false;
      document.removeEventListener("visibilitychange", take);
      void held?.release();
    },
  };
}
