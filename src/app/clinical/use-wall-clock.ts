import { useMemo } from "react";
import { useApp } from "#app/app-context.ts";

/** Writes an instant as the clinic's wall clock to the second: `14:05:12`. A formatter is dear to make: one serves them all. */
export function useWallClock(): (instantMs: number) => string {
  const { bootstrap } = useApp();
  const { timeZone } = bootstrap.clinic;
  return useMemo(
    () => new Intl.DateTimeFormat("en-GB", { timeZone, timeStyle: "medium", hourCycle: "h23" }).format,
    [timeZone],
  );
}
