import { CalendarOff, SearchX } from "lucide-react";
import { useNavigate } from "react-router-dom";
import { toProblem } from "#model/problem.ts";
import type { Worklist, WorklistRow } from "#protocol/bff.ts";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { visitPath } from "#app/clinical/visit-path.ts";
import { OldAnswer } from "#app/offline/old-answer.tsx";
import { useWorklist } from "#app/queries.ts";
import { Button } from "#ui/button.tsx";
import { Card } from "#ui/card.tsx";
import { EmptyState, Skeleton } from "#ui/empty-state.tsx";
import { RowList } from "#ui/row-list.tsx";
import { AppointmentRow } from "./appointment-row.tsx";
import type { DayFilter } from "./filters.tsx";
import { filterRows, rowId } from "./queues.ts";

/** The day's appointments; the last list stays on screen, with its time, when a new one cannot be had. */
export function DayList({ filter, onWalkIn }: { filter: DayFilter; onWalkIn: () => void }) {
  const { data, error, refetch } = useWorklist(filter.date, filter.scope);
  const retry = () => void refetch();
  if (data === undefined) {
    if (error !== null) return <ProblemBanner problem={toProblem(error)} onAction={retry} />;
    return (
      <Card isFlush>
        <Skeleton lines={8} label="Loading the appointments" />
      </Card>
    );
  }
  return (
    <>
      {(data.stale || error !== null) && (
        <OldAnswer problem={error === null ? null : toProblem(error)} at={Date.parse(data.fetchedAt)} onRetry={retry}>
          You can still start a visit.
        </OldAnswer>
      )}
      <Card isFlush>
        <Rows list={data} filter={filter} onWalkIn={onWalkIn} />
      </Card>
    </>
  );
}

function Rows({ list, filter, onWalkIn }: { list: Worklist; filter: DayFilter; onWalkIn: () => void }) {
  const navigate = useNavigate();
  const rows = filterRows(list.rows, filter);
  if (list.rows.length === 0) {
    return (
      <EmptyState
        icon={<CalendarOff />}
        title="No appointments on this day"
        action={<Button onPress={onWalkIn}>Walk-in visit</Button>}
      >
        OpenEMR has none for {filter.scope === "mine" ? "you" : "anybody"}. A patient without an appointment is a
        walk-in.
      </EmptyState>
    );
  }
  if (rows.length === 0) {
    return (
      <EmptyState icon={<SearchX />} title="Nothing matches">
        {list.rows.length} appointments on this day do not match the search or the state.
      </EmptyState>
    );
  }
  return (
    <RowList
      label="Appointments"
      items={rows}
      idOf={rowId}
      textOf={(row) => `${row.startTime} ${row.patient.name}`}
      onOpen={(row) => void navigate(pathOf(row))}
    >
      {(row) => <AppointmentRow row={row} path={pathOf(row)} showsClinician={filter.scope === "all"} />}
    </RowList>
  );
}

function pathOf(row: WorklistRow): string {
  if (row.visit !== null) return visitPath(row.visit.id);
  return `/start/${row.appointmentId ?? "walk-in"}`;
}
