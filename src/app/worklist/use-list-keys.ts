import { type RefObject, useEffect } from "react";

/** `/` goes to the search and `?` opens the help, only while a row has the focus (WCAG 2.1.4). */
export function useListKeys(ref: RefObject<HTMLElement | null>, onHelp: () => void): void {
  useEffect(() => {
    const place = ref.current;
    const listen = (event: KeyboardEvent) => {
      if (!isOnRow(event.target) || event.ctrlKey || event.metaKey) return;
      if (event.key !== "/" && event.key !== "?") return;
      // In the capture phase: the list would take the letter for its type-ahead.
      event.preventDefault();
      event.stopPropagation();
      if (event.key === "?") onHelp();
      else place?.querySelector<HTMLInputElement>('input[type="search"]')?.focus();
    };
    place?.addEventListener("keydown", listen, true);
    return () => place?.removeEventListener("keydown", listen, true);
  }, [ref, onHelp]);
}

function isOnRow(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[role="grid"]') !== null;
}
