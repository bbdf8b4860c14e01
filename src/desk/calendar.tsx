import type { CalendarEntry } from "#protocol/bff-desk.ts";
import { EmptyState } from "#ui/empty-state.tsx";
import { join } from "#ui/join.ts";
import { useNarrow } from "#ui/use-narrow.ts";
import { CalendarX } from "lucide-react";
import type { CSSProperties } from "react";
import { hoursOf, placed, type Placed } from "./calendar-lanes.ts";
import styles from "./calendar.module.css";
import { timeWords } from "./day-words.ts";

/** `isNow`: the column is today's, beside other days. */
export type CalendarColumn = { id: string; title: string; isNow?: boolean; entries: readonly CalendarEntry[] };

type CalendarProps = {
  label: string;
  columns: readonly CalendarColumn[];
  onOpen: (entry: CalendarEntry) => void;
};

/** Columns beside each other on a wide screen, below each other as lists on a phone. Every appointment is a button. */
export function Calendar({ label, columns, onOpen }: CalendarProps) {
  const isNarrow = useNarrow();
  if (columns.length === 0) {
    return (
      <EmptyState icon={<CalendarX />} title="Nobody has a calendar here yet">
        Clinicians appear as soon as OpenEMR shows an appointment of theirs, or they sign in.
      </EmptyState>
    );
  }
  if (isNarrow) return <Agenda label={label} columns={columns} onOpen={onOpen} />;
  const hours = hoursOf(columns.flatMap(({ entries }) => entries));
  const marks = Array.from({ length: hours.to - hours.from }, (_, index) => hours.from + index);
  const variables = { "--hours": marks.length, "--columns": columns.length } as CSSProperties;
  return (
    <section className={styles["calendar"]} style={variables} aria-label={label}>
      <div className={styles["clock"]} aria-hidden="true">
        {marks.map((hour) => (
          <span key={hour} className={styles["hour"]}>
            {timeWords(`${String(hour)}:00`)}
          </span>
        ))}
      </div>
      {columns.map((column) => (
        <section key={column.id} className={styles["column"]} aria-label={column.title}>
          <h3 className={join(styles["title"], column.isNow === true && styles["now"])}>{titleOf(column)}</h3>
          <ol className={styles["day"]}>
            {placed(column.entries)
              .filter(({ from, to }) => to > hours.from * 60 && from < hours.to * 60)
              .map((one, index) => (
                <li key={index} className={styles["slot"]} style={styleOf(one, hours)}>
                  <Entry entry={one.entry} isShort={one.to - one.from < 30} onOpen={onOpen} />
                </li>
              ))}
          </ol>
        </section>
      ))}
    </section>
  );
}

function titleOf({ title, isNow = false }: CalendarColumn): string {
  return isNow ? `${title}, today` : title;
}

function styleOf({ from, to, lane, lanes }: Placed, hours: { from: number; to: number }): CSSProperties {
  const top = Math.max(from, hours.from * 60);
  const end = Math.min(to, hours.to * 60);
  return {
    "--from": (top - hours.from * 60) / 60,
    "--length": (end - top) / 60,
    "--lane": lane,
    "--lanes": lanes,
  } as CSSProperties;
}

const kindWords: Record<CalendarEntry["kind"], string> = {
  appointment: "Appointment",
  block: "Blocked",
  out_of_office: "Out of office",
  closed: "Clinic closed",
};

/** `isTimed`: its time stands beside it already. */
type EntryProps = {
  entry: CalendarEntry;
  isShort?: boolean;
  isTimed?: boolean;
  onOpen: (entry: CalendarEntry) => void;
};

function Entry({ entry, isShort = false, isTimed = false, onOpen }: EntryProps) {
  const { kind, startTime, title, confirmation } = entry;
  const name = nameOf(entry);
  if (kind !== "appointment") {
    return (
      <p className={styles["block"]}>
        <span className={styles["name"]}>{name}</span>
      </p>
    );
  }
  return (
    <button
      type="button"
      className={join(styles["entry"], isShort && styles["short"], confirmation !== null && styles["ours"])}
      aria-label={spoken(entry)}
      onClick={() => onOpen(entry)}
    >
      <span className={styles["name"]}>{name}</span>
      <span className={styles["what"]}>{isTimed ? title : `${timeWords(startTime)} ${title}`}</span>
    </button>
  );
}

function nameOf({ kind, patient, title }: CalendarEntry): string {
  return patient?.name ?? (title === "" ? kindWords[kind] : title);
}

function spoken(entry: CalendarEntry): string {
  const { startTime, endTime, title, confirmation } = entry;
  const until = endTime === null ? "" : ` to ${timeWords(endTime)}`;
  const booked = confirmation === null ? "" : ", booked here";
  return `${timeWords(startTime)}${until}, ${nameOf(entry)}, ${title}${booked}`;
}

function Agenda({ label, columns, onOpen }: CalendarProps) {
  return (
    <section className={styles["agenda"]} aria-label={label}>
      {columns.map((column) => (
        <section key={column.id} aria-label={column.title}>
          <h3 className={join(styles["title"], column.isNow === true && styles["now"])}>{titleOf(column)}</h3>
          {column.entries.length === 0 && <p className={styles["nothing"]}>Nothing booked</p>}
          <ol className={styles["lines"]}>
            {placed(column.entries).map(({ entry }, index) => (
              <li key={index} className={styles["line"]}>
                <span className={styles["at"]}>{timeWords(entry.startTime)}</span>
                <Entry entry={entry} isTimed onOpen={onOpen} />
              </li>
            ))}
          </ol>
        </section>
      ))}
    </section>
  );
}
