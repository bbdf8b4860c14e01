import { useMemo } from "react";
import { dateIn, timeIn } from "#model/clock.ts";
import { useApp } from "#app/app-context.ts";
import { dateWords } from "#app/words.ts";
import type { ClinicTime } from "./audio-words.ts";

/** Instants in the clinic's zone: `10:41`, and `Tue, 8 Dec 2026`. */
export function useClinicTime(): ClinicTime {
  const { bootstrap } = useApp();
  const { timeZone } = bootstrap.clinic;
  return useMemo(
    () => ({
      time: (instantMs) => timeIn(timeZone, instantMs),
      date: (instantMs) => dateWords(dateIn(timeZone, instantMs)),
    }),
    [timeZone],
  );
}
