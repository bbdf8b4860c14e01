import { useEffect, useRef } from "react";

/** Begins what works only once, e.g. with a code from OpenEMR; React's development mode runs effects twice. */
export function useOnce(begin: () => void): void {
  const isBegun = useRef(false);
  useEffect(() => {
    if (isBegun.current) return;
    isBegun.current = true;
    begin();
  });
}
