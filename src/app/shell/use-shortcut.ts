import { useEffect } from "react";

/** Alt+Shift and a key, by its place on the keyboard (`event.code`), so that no layout moves it. */
export function useShortcut(code: string, onPress: (() => void) | undefined): void {
  useEffect(() => {
    if (onPress === undefined) return undefined;
    const listen = (event: KeyboardEvent) => {
      if (event.code !== code || !event.altKey || !event.shiftKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      if (!event.repeat) onPress();
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, [code, onPress]);
}
