/** Covers the screen when nobody has used the workstation for a while. In: keys, clicks, touches; out: covered or not. */
import { createStore, type StoreApi } from "zustand/vanilla";

export type IdleWatch = {
  store: StoreApi<{ isCovered: boolean }>;
  /** Listens until the returned function is called. */
  start(): () => void;
  /** Somebody who may has said so. */
  uncover(): void;
};

export type IdleParts = {
  idleMs: number;
  now(): number;
  /** It begins covered. */
  wasLeft: boolean;
  /** There was input; told at most once a minute. */
  onSeen(at: number): void;
  /** Where input is heard: the window. */
  target: Pick<EventTarget, "addEventListener" | "removeEventListener">;
};

const inputs = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"];
const seenEveryMs = 60_000;
const lookEveryMs = 2000;

export function createIdleWatch({ idleMs, now, wasLeft, onSeen, target }: IdleParts): IdleWatch {
  const store = createStore(() => ({ isCovered: wasLeft }));
  let last = now();
  let told = 0;
  const tell = (): void => {
    told = last;
    onSeen(last);
  };
  const look = (): void => {
    if (now() - last >= idleMs) store.setState({ isCovered: true });
  };
  const hear = (): void => {
    if (store.getState().isCovered) return;
    // After a sleep the first touch comes before the timer: it must not open what was to be covered.
    if (now() - last >= idleMs) return look();
    last = now();
    if (last - told >= seenEveryMs) tell();
  };
  const options = { capture: true, passive: true };
  return {
    store,
    start: () => {
      for (const input of inputs) target.addEventListener(input, hear, options);
      const timer = setInterval(look, lookEveryMs);
      if (!store.getState().isCovered) tell();
      return () => {
        for (const input of inputs) target.removeEventListener(input, hear, options);
        clearInterval(timer);
      };
    },
    uncover: () => {
      last = now();
      tell();
      store.setState({ isCovered: false });
    },
  };
}
