import { useEffect } from "react";

/** The tab's title; on a visit screen it names no patient, since titles end up in the browser's history. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Chartside`;
  }, [title]);
}
