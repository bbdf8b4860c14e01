import { useState } from "react";
import { useNavigate } from "react-router-dom";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { useFollowUps } from "#app/queries.ts";
import { usePageTitle } from "#app/shell/use-page-title.ts";
import { FollowUpQueueList } from "#desk/queue.tsx";
import { toProblem } from "#model/problem.ts";
import type { FollowUpCard } from "#protocol/bff-desk.ts";
import { Card } from "#ui/card.tsx";
import { Skeleton } from "#ui/empty-state.tsx";
import { PageHeader } from "#ui/page-header.tsx";
import { RadioCards } from "#ui/radio-cards.tsx";

type Filter = "open" | "booked" | "other";

const filters: Record<Filter, { label: string; empty: string; holds: (card: FollowUpCard) => boolean }> = {
  open: {
    label: "To book",
    empty: "Nothing to book",
    holds: ({ state }) => state === "open" || state === "unreachable",
  },
  booked: { label: "Booked", empty: "Nothing booked yet", holds: ({ state }) => state === "booked" },
  other: {
    label: "Later",
    empty: "Nothing here",
    holds: ({ state }) => state === "recall" || state === "declined",
  },
};

/** The front desk's home: follow-ups that signed notes ask for. The desk sees the sentence, never the note. */
export function DeskPage() {
  usePageTitle("Follow-ups");
  const navigate = useNavigate();
  const { data, error, refetch } = useFollowUps();
  const [filter, setFilter] = useState<Filter>("open");
  const cards = data?.followUps ?? [];
  return (
    <>
      <PageHeader title="Follow-ups">What signed notes ask for. You see the sentence, not the note.</PageHeader>
      <RadioCards<Filter>
        label="Show"
        isLabelHidden
        isCompact
        value={filter}
        onChange={setFilter}
        cards={(["open", "booked", "other"] as const).map((value) => ({
          value,
          label: `${filters[value].label} (${String(cards.filter(filters[value].holds).length)})`,
        }))}
      />
      {error !== null && <ProblemBanner problem={toProblem(error)} onAction={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton lines={5} label="Loading the follow-ups" />}
      {data !== undefined && (
        <Card isFlush>
          <FollowUpQueueList
            cards={cards.filter(filters[filter].holds)}
            empty={filters[filter].empty}
            onOpen={(card) => void navigate(`/desk/${card.id}`)}
          />
        </Card>
      )}
    </>
  );
}
