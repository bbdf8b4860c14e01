import { type RefObject, useEffect } from "react";

const steps: Record<string, number> = { ArrowDown: 1, KeyJ: 1, ArrowUp: -1, KeyK: -1 };

/** Arrows and J/K walk the sentences while one has the focus; Ctrl or Cmd with Enter goes on to signing. */
export function useSentenceKeys(screen: RefObject<HTMLElement | null>, sign: () => void): void {
  useEffect(() => {
    const element = screen.current;
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey) {
        if (event.code === "Enter") sign();
        return;
      }
      const next = sentenceAfter(event);
      if (!next) return;
      event.preventDefault();
      next.focus();
      next.click();
    };
    element?.addEventListener("keydown", onKey);
    return () => element?.removeEventListener("keydown", onKey);
  }, [screen, sign]);
}

function sentenceAfter(event: KeyboardEvent): HTMLElement | undefined {
  const step = steps[event.code];
  const from = event.target instanceof HTMLElement ? event.target.closest("[data-sentence]") : null;
  if (step === undefined || from === null || !(event.currentTarget instanceof HTMLElement)) return undefined;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-sentence]")];
  return all[all.findIndex((element) => element === from) + step];
}
