import { ChevronLeft, ChevronRight } from "lucide-react";
import { useState } from "react";
import { addDays } from "#model/calendar-date.ts";
import { dateIn } from "#model/clock.ts";
import { toProblem } from "#model/problem.ts";
import { useApp } from "#app/app-context.ts";
import { PatientFacts } from "#app/clinical/patient-banner.tsx";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { useDeskCalendar } from "#app/queries.ts";
import { Calendar, type CalendarColumn } from "#desk/calendar.tsx";
import { longDay, shortDay, timeWords, weekOf } from "#desk/day-words.ts";
import type { CalendarEntry, DeskCalendar } from "#protocol/bff-desk.ts";
import { Button, IconButton, LinkButton } from "#ui/button.tsx";
import { Card } from "#ui/card.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { Skeleton } from "#ui/empty-state.tsx";
import { RadioCards } from "#ui/radio-cards.tsx";
import { Select } from "#ui/select.tsx";
import { TextField } from "#ui/text-field.tsx";
import styles from "./front-desk.module.css";
import { useDeskTime } from "./use-desk-time.ts";

type Look = { view: "day" | "week"; date: string; clinician: string };

/** A day of everybody, or a week of one clinician, as OpenEMR has it now. */
export function CalendarPane() {
  const { clock, bootstrap } = useApp();
  const today = dateIn(bootstrap.clinic.timeZone, clock.now());
  const [look, setLook] = useState<Look>({ view: "day", date: today, clinician: "" });
  const isWeek = look.view === "week";
  const from = isWeek ? weekOf(look.date) : look.date;
  const { data, error, refetch } = useDeskCalendar(from, isWeek ? 7 : 1);
  const clinician = chosenOf(data, look);
  return (
    <>
      <Tools
        look={look}
        today={today}
        calendar={data}
        clinician={clinician}
        onChange={(more) => setLook((before) => ({ ...before, ...more }))}
      />
      {error !== null && <ProblemBanner problem={toProblem(error)} onAction={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton lines={8} label="Loading the calendar" />}
      {data !== undefined && <Days calendar={data} clinician={clinician} isWeek={isWeek} today={today} />}
    </>
  );
}

/** Whose week: the one chosen, as long as there is one of that id; else the first. */
function chosenOf(calendar: DeskCalendar | undefined, look: Look): string | null {
  const clinicians = calendar?.clinicians ?? [];
  return (clinicians.find(({ id }) => id === look.clinician) ?? clinicians[0])?.id ?? null;
}

type DaysProps = { calendar: DeskCalendar; clinician: string | null; isWeek: boolean; today: string };

function Days({ calendar, clinician, isWeek, today }: DaysProps) {
  const [open, setOpen] = useState<CalendarEntry | null>(null);
  return (
    <>
      <Card isFlush>
        <Calendar
          label={isWeek ? `Week of ${longDay(calendar.from)}` : longDay(calendar.from)}
          columns={isWeek ? weekColumns(calendar, clinician, today) : dayColumns(calendar)}
          onOpen={setOpen}
        />
      </Card>
      {open !== null && <EntryDialog entry={open} clinicians={calendar.clinicians} onClose={() => setOpen(null)} />}
    </>
  );
}

function dayColumns({ clinicians, entries }: DeskCalendar): CalendarColumn[] {
  return clinicians.map(({ id, name }) => ({ id, title: name, entries: entries.filter((entry) => isOf(entry, id)) }));
}

/** Monday to Friday; Saturday and Sunday where something is on them. */
function weekColumns({ from, entries }: DeskCalendar, clinicianId: string | null, today: string): CalendarColumn[] {
  if (clinicianId === null) return [];
  const mine = entries.filter((entry) => isOf(entry, clinicianId));
  const dates = [0, 1, 2, 3, 4, 5, 6].map((days) => addDays(from, days));
  return dates
    .map((date) => ({
      id: date,
      title: shortDay(date),
      isNow: date === today,
      entries: mine.filter((entry) => entry.date === date),
    }))
    .filter(({ entries: ofDay }, index) => index < 5 || ofDay.some(({ kind }) => kind === "appointment"));
}

/** What concerns the whole clinic is in every column. */
function isOf({ clinicianId }: CalendarEntry, id: string): boolean {
  return clinicianId === null || clinicianId === id;
}

type ToolsProps = {
  look: Look;
  today: string;
  calendar: DeskCalendar | undefined;
  clinician: string | null;
  onChange: (more: Partial<Look>) => void;
};

function Tools({ look, today, calendar, clinician, onChange }: ToolsProps) {
  const time = useDeskTime();
  const step = look.view === "week" ? 7 : 1;
  const what = look.view === "week" ? "Week" : "Day";
  return (
    <div className={styles["tools"]}>
      <RadioCards<Look["view"]>
        label="View"
        isLabelHidden
        isCompact
        value={look.view}
        onChange={(view) => onChange({ view })}
        cards={[
          { value: "day", label: "Day" },
          { value: "week", label: "Week" },
        ]}
      />
      <div className={styles["step"]}>
        <IconButton
          label={`${what} before`}
          icon={<ChevronLeft />}
          onPress={() => onChange({ date: addDays(look.date, -step) })}
        />
        <TextField
          label="Date"
          isLabelHidden
          type="date"
          value={look.date}
          onChange={(date) => onChange({ date: date === "" ? today : date })}
        />
        <IconButton
          label={`${what} after`}
          icon={<ChevronRight />}
          onPress={() => onChange({ date: addDays(look.date, step) })}
        />
        {look.date !== today && (
          <Button kind="quiet" size="small" onPress={() => onChange({ date: today })}>
            Today
          </Button>
        )}
      </div>
      {look.view === "week" && calendar !== undefined && (
        <Select
          label="Clinician"
          isLabelHidden
          value={clinician}
          choices={calendar.clinicians.map(({ id, name }) => ({ value: id as string, label: name }))}
          onChange={(id) => onChange({ clinician: id })}
        />
      )}
      {calendar !== undefined && <span className={styles["read"]}>From OpenEMR at {time(calendar.fetchedAt)}</span>}
    </div>
  );
}

type EntryDialogProps = {
  entry: CalendarEntry;
  clinicians: DeskCalendar["clinicians"];
  onClose: () => void;
};

/** One appointment. What Chartside booked leads to its follow-up; the rest is changed in OpenEMR. */
function EntryDialog({ entry, clinicians, onClose }: EntryDialogProps) {
  const { patient, followUpId, confirmation } = entry;
  const clinician = clinicians.find(({ id }) => id === entry.clinicianId);
  const facts: [string, string][] = [
    ["When", `${longDay(entry.date)}, ${whenWords(entry)}`],
    ["With", clinician?.name ?? "Not named"],
    ["For", entry.title === "" ? "Not told" : entry.title],
    ["Confirmation", confirmation ?? "Not booked with Chartside"],
  ];
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={patient?.name ?? "Appointment"}
      actions={
        followUpId === null ? (
          <Button onPress={onClose}>Close</Button>
        ) : (
          <LinkButton kind="primary" href={`/desk/${followUpId}`}>
            Open the follow-up
          </LinkButton>
        )
      }
    >
      {patient !== null && <PatientFacts patient={patient} />}
      <dl className={styles["facts"]}>
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {followUpId === null && <p>It was made in OpenEMR, and is moved or cancelled there.</p>}
    </Dialog>
  );
}

function whenWords({ startTime, endTime }: CalendarEntry): string {
  return endTime === null ? timeWords(startTime) : `${timeWords(startTime)} to ${timeWords(endTime)}`;
}
