/** Keeps the screen on while recording: phones stop the microphone when it goes dark. */

/** "off": the system refused it or took it back (low battery, page in the background). */
export type ScreenState = "held" | "off" | "unsupported";

export type WakeLock = { release(): void };

/** The system drops the lock whenever the page is hidden, so it is taken again on return. A refusal stops nothing, but is told. */
export function keepScreenOn(onChange: (state: ScreenState) => void): WakeLock {
  let held: WakeLockSentinel | undefined;
  let isWanted = true;

  const take = async (): Promise<void> => {
    if (document.visibilityState !== "visible") return;
    try {
      const sentinel = await navigator.wakeLock.request("screen");
      if (!isWanted) return await sentinel.release();
      held = sentinel;
      sentinel.addEventListener("release", () => isWanted && onChange("off"));
      onChange("held");
    } catch {
      if (isWanted) onChange("off");
    }
  };
  const retake = (): void => void take();
  if ("wakeLock" in navigator) {
    document.addEventListener("visibilitychange", retake);
    retake();
  } else onChange("unsupported");
  return {
    release: () => {
      isWanted = false;
      document.removeEventListener("visibilitychange", retake);
      void held?.release();
    },
  };
}
