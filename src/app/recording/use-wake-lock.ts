import { useEffect, useState } from "react";

export type WakeLockState = "held" | "off" | "unsupported";

/** Keeps the screen on while `isWanted`; the browser drops it whenever the page is hidden, so it is taken again on return. */
export function useWakeLock(isWanted: boolean): WakeLockState {
  const [state, setState] = useState<WakeLockState>("wakeLock" in navigator ? "off" : "unsupported");
  useEffect(() => {
    if (!isWanted || !("wakeLock" in navigator)) return undefined;
    let sentinel: WakeLockSentinel | undefined;
    let isOver = false;
    const take = async () => {
      if (document.visibilityState !== "visible" || isOver) return;
      try {
        sentinel = await navigator.wakeLock.request("screen");
        sentinel.addEventListener("release", () => setState("off"));
        if (isOver) await sentinel.release();
        else setState("held");
      } catch {
        setState("off");
      }
    };
    const retake = () => void take();
    void take();
    document.addEventListener("visibilitychange", retake);
    return () => {
      isOver = true;
      document.removeEventListener("visibilitychange", retake);
      void sentinel?.release();
    };
  }, [isWanted]);
  return state;
}
