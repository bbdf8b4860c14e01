import { FileClock } from "lucide-react";
import { useState } from "react";
import { toProblem } from "#model/problem.ts";
import { type VisitState, visitStateWords } from "#model/visit.ts";
import type { VisitView } from "#protocol/bff.ts";
import { useApp } from "#app/app-context.ts";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { OldAnswer } from "#app/offline/old-answer.tsx";
import { useVisits } from "#app/queries.ts";
import { usePageTitle } from "#app/shell/use-page-title.ts";
import { VisitRows } from "#app/worklist/visit-row.tsx";
import { LinkButton } from "#ui/button.tsx";
import { Card } from "#ui/card.tsx";
import { EmptyState, Skeleton } from "#ui/empty-state.tsx";
import { PageHeader } from "#ui/page-header.tsx";
import { Select } from "#ui/select.tsx";
import { TextField } from "#ui/text-field.tsx";
import styles from "./visits.module.css";

/** Every visit of this clinician, newest first. */
export function VisitsPage() {
  usePageTitle("Visits");
  const { data, error, refetch, dataUpdatedAt } = useVisits();
  const { clockOffsetMs } = useApp();
  const retry = () => void refetch();
  return (
    <>
      <PageHeader title="Visits">
        <p>The visits you recorded, newest first, up to 200.</p>
      </PageHeader>
      {error !== null && data === undefined && <ProblemBanner problem={toProblem(error)} onAction={retry} />}
      {error !== null && data !== undefined && (
        <OldAnswer problem={toProblem(error)} at={dataUpdatedAt + clockOffsetMs} onRetry={retry} />
      )}
      {data === undefined && error === null && (
        <Card isFlush>
          <Skeleton lines={8} label="Loading the visits" />
        </Card>
      )}
      {data !== undefined && <Found visits={data.visits} />}
    </>
  );
}

function Found({ visits }: { visits: readonly VisitView[] }) {
  const [text, setText] = useState("");
  const [state, setState] = useState<VisitState | "any">("any");
  const present = [...new Set(visits.map((visit) => visit.state))];
  const wanted = text.trim().toLowerCase();
  const shown = visits
    .filter((visit) => state === "any" || visit.state === state)
    .filter((visit) => `${visit.patient.name} ${visit.patient.recordNumber}`.toLowerCase().includes(wanted));
  return (
    <>
      <search className={styles["filters"]} aria-label="Filter visits">
        <TextField
          label="Find by patient"
          isLabelHidden
          type="search"
          placeholder="Patient or record number"
          value={text}
          onChange={setText}
        />
        <Select
          label="State"
          isLabelHidden
          value={state}
          onChange={setState}
          choices={[
            { value: "any", label: "Any state" },
            ...present.map((value) => ({ value, label: visitStateWords[value] })),
          ]}
        />
      </search>
      <Card isFlush>
        {shown.length === 0 ? (
          <EmptyState
            icon={<FileClock />}
            title={visits.length === 0 ? "No visits yet" : "Nothing matches"}
            action={visits.length === 0 && <LinkButton href="/worklist">Go to the worklist</LinkButton>}
          >
            {visits.length === 0
              ? "A visit appears here as soon as you start recording it."
              : "Change the filters above."}
          </EmptyState>
        ) : (
          <VisitRows label="Visits" visits={shown} />
        )}
      </Card>
    </>
  );
}
