import { ChevronLeft, ChevronRight, Search } from "lucide-react";
import { VisitState, visitStateWords } from "#model/visit.ts";
import type { WorklistScope } from "#app/bff.ts";
import { shiftDate } from "#app/words.ts";
import { Button, IconButton } from "#ui/button.tsx";
import { RadioCards } from "#ui/radio-cards.tsx";
import { Select } from "#ui/select.tsx";
import { TextField } from "#ui/text-field.tsx";
import styles from "./filters.module.css";

export type DayFilter = { date: string; scope: WorklistScope; text: string; state: VisitState | "any" };

const offered = [
  "scheduled",
  "recording",
  "processing",
  "draft_ready",
  "in_review",
  "failed",
  "signed",
  "filed",
] as const;
const states = [
  { value: "any" as const, label: "Any state" },
  ...VisitState.options
    .filter((state) => offered.some((known) => known === state))
    .map((state) => ({ value: state, label: visitStateWords[state] })),
];

/** Which day, whose, and which of them. */
export function Filters(props: { today: string; filter: DayFilter; onChange: (next: DayFilter) => void }) {
  const { today, filter, onChange } = props;
  const set = (more: Partial<DayFilter>) => onChange({ ...filter, ...more });
  return (
    <search className={styles["filters"]} aria-label="Filter appointments">
      <div className={styles["find"]}>
        <TextField
          label="Find a patient in this list"
          isLabelHidden
          type="search"
          icon={<Search />}
          placeholder="Name, record number or reason"
          value={filter.text}
          onChange={(text) => set({ text })}
        />
      </div>
      <div className={styles["day"]}>
        <IconButton
          label="Day before"
          icon={<ChevronLeft />}
          onPress={() => set({ date: shiftDate(filter.date, -1) })}
        />
        <TextField
          label="Date"
          isLabelHidden
          type="date"
          value={filter.date}
          onChange={(date) => set({ date: date === "" ? today : date })}
        />
        <IconButton
          label="Day after"
          icon={<ChevronRight />}
          onPress={() => set({ date: shiftDate(filter.date, 1) })}
        />
        {filter.date !== today && (
          <Button kind="quiet" size="small" onPress={() => set({ date: today })}>
            Today
          </Button>
        )}
      </div>
      <RadioCards
        label="Whose appointments"
        isLabelHidden
        isCompact
        value={filter.scope}
        cards={[
          { value: "mine", label: "Mine" },
          { value: "all", label: "All" },
        ]}
        onChange={(scope) => set({ scope })}
      />
      <Select label="State" isLabelHidden value={filter.state} choices={states} onChange={(state) => set({ state })} />
    </search>
  );
}
