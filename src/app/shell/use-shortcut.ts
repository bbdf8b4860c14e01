import { useEffect } from "react";
import { createStore } from "zustand/vanilla";

/** Off for people whose own tools use these keys (WCAG 2.1.4); the workstation remembers it. */
export const shortcutSetting = createStore<{ areOn: boolean }>(() => ({ areOn: true }));

/** Alt+Shift and a key, by its place on the keyboard (`event.code`), so that no layout moves it. */
export function useShortcut(code: string, onPress: (() => void) | undefined): void {
  useEffect(() => {
    if (onPress === undefined) return undefined;
    const listen = (event: KeyboardEvent) => {
      if (!shortcutSetting.getState().areOn || !isChord(event) || event.code !== code) return;
      event.preventDefault();
      if (!event.repeat) onPress();
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, [code, onPress]);
}

function isChord(event: KeyboardEvent): boolean {
  return event.altKey && event.shiftKey && !event.ctrlKey && !event.metaKey;
}
