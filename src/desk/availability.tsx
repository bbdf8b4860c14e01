import type { FreeTime, FreeTimes } from "#protocol/bff-desk.ts";
import { EmptyState } from "#ui/empty-state.tsx";
import { join } from "#ui/join.ts";
import { CalendarX } from "lucide-react";
import { type ReactNode, useState } from "react";
import styles from "./availability.module.css";
import { longDay, shortDay, timeWords, weekOf } from "./day-words.ts";

const basisWords = {
  configured_hours: "Based on configured working hours and OpenEMR’s calendar.",
  openemr_slots: "From OpenEMR’s own slots.",
};

type AvailabilityProps = {
  free: FreeTimes;
  chosen: FreeTime | null;
  onChoose: (time: FreeTime) => void;
  /** What to do where nothing is free. */
  whenNone: ReactNode;
};

/** Free times by week and day; one press chooses, nothing is booked yet. */
export function Availability({ free, chosen, onChoose, whenNone }: AvailabilityProps) {
  const days = byDay(free.times);
  const weeks = [...new Set(days.map(({ date }) => weekOf(date)))];
  const [week, setWeek] = useState<string | null>(null);
  const shown = week !== null && weeks.includes(week) ? week : (weeks[0] ?? null);
  if (shown === null) {
    return (
      <EmptyState icon={<CalendarX />} title="No free time in this window" action={whenNone}>
        Every time that the rules allow is taken.
      </EmptyState>
    );
  }
  return (
    <div className={styles["availability"]}>
      {weeks.length > 1 && (
        <fieldset className={styles["weeks"]}>
          <legend className="visually-hidden">Week</legend>
          {weeks.map((start) => (
            <button
              key={start}
              type="button"
              className={join(styles["week"], start === shown && styles["now"])}
              aria-pressed={start === shown}
              onClick={() => setWeek(start)}
            >
              Week of {shortDay(start)}
            </button>
          ))}
        </fieldset>
      )}
      <div className={styles["days"]}>
        {days
          .filter(({ date }) => weekOf(date) === shown)
          .map(({ date, times }) => (
            <Day key={date} date={date} times={times} chosen={chosen} onChoose={onChoose} />
          ))}
      </div>
      <p className={styles["basis"]}>{basisWords[free.basis]}</p>
    </div>
  );
}

type DayProps = {
  date: string;
  times: readonly FreeTime[];
  chosen: FreeTime | null;
  onChoose: (time: FreeTime) => void;
};

function Day({ date, times, chosen, onChoose }: DayProps) {
  return (
    <section className={styles["day"]} aria-label={longDay(date)}>
      <h3 className={styles["date"]}>{shortDay(date)}</h3>
      <ul className={styles["times"]}>
        {times.map((time) => {
          const isChosen = chosen?.date === time.date && chosen.startTime === time.startTime;
          return (
            <li key={time.startTime}>
              <button
                type="button"
                className={join(styles["time"], isChosen && styles["chosen"])}
                aria-pressed={isChosen}
                aria-label={`${longDay(date)}, ${timeWords(time.startTime)}`}
                onClick={() => onChoose(time)}
              >
                {timeWords(time.startTime)}
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function byDay(times: readonly FreeTime[]): { date: string; times: FreeTime[] }[] {
  const dates = [...new Set(times.map(({ date }) => date))].sort();
  return dates.map((date) => ({ date, times: times.filter((time) => time.date === date) }));
}
