import { type RefObject, useEffect, useRef } from "react";

/** `/` goes to the search and `?` opens the help, only while a row has the focus (WCAG 2.1.4). */
export function useListKeys(onHelp: () => void): { ref: RefObject<HTMLDivElement | null> } {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const place = ref.current;
    const listen = (event: KeyboardEvent) => {
      const isOnRow = event.target instanceof Element && event.target.closest('[role="grid"]') !== null;
      if (!isOnRow || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key !== "/" && event.key !== "?") return;
      // In the capture phase: the list would take the letter for its type-ahead.
      event.preventDefault();
      event.stopPropagation();
      if (event.key === "?") onHelp();
      else place?.querySelector<HTMLInputElement>('input[type="search"]')?.focus();
    };
    place?.addEventListener("keydown", listen, true);
    return () => place?.removeEventListener("keydown", listen, true);
  }, [onHelp]);
  return { ref };
}
