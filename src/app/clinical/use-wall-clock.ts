import { useCallback } from "react";
import { useApp } from "#app/app-context.ts";

/** Writes an instant as the clinic's wall clock to the second: `14:05:12`. */
export function useWallClock(): (instantMs: number) => string {
  const { bootstrap } = useApp();
  const { timeZone } = bootstrap.clinic;
  return useCallback(
    (instantMs) =>
      new Intl.DateTimeFormat("en-GB", { timeZone, timeStyle: "medium", hourCycle: "h23" }).format(instantMs),
    [timeZone],
  );
}
