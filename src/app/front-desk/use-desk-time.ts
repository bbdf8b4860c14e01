import { useClinicTime } from "#app/clinical/use-clinic-time.ts";
import { timeWords } from "#desk/day-words.ts";

/** The clinic's time of an instant, written as the desk writes times: "2:30 pm". */
export function useDeskTime(): (iso: string) => string {
  const { time } = useClinicTime();
  return (iso) => timeWords(time(Date.parse(iso)));
}
