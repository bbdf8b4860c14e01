/**
 * Home of a clinician. In: today's appointments of OpenEMR, this clinician's visits, and what this device holds; out: the
 * way into each visit. It keeps nothing but the filters, so a reload shows the same day.
 */
import { Keyboard, UserRoundPlus } from "lucide-react";
import { useCallback, useRef, useState } from "react";
import { dateIn } from "#model/clock.ts";
import { useApp } from "#app/app-context.ts";
import { useHeld, useVisits } from "#app/queries.ts";
import { useNow } from "#app/shell/use-now.ts";
import { usePageTitle } from "#app/shell/use-page-title.ts";
import { useUser } from "#app/sign-in/use-user.ts";
import { DayList } from "#app/worklist/day-list.tsx";
import { type DayFilter, Filters } from "#app/worklist/filters.tsx";
import { HeldBanner } from "#app/worklist/held-banner.tsx";
import { HelpDialog } from "#app/worklist/help-dialog.tsx";
import { DraftsList, WaitingList } from "#app/worklist/queue-lists.tsx";
import { type QueueId, queuesOf } from "#app/worklist/queues.ts";
import { useListKeys } from "#app/worklist/use-list-keys.ts";
import { WalkInDialog } from "#app/worklist/walk-in-dialog.tsx";
import { dateWords } from "#app/words.ts";
import { Button, IconButton } from "#ui/button.tsx";
import { PageHeader } from "#ui/page-header.tsx";
import { Tabs } from "#ui/tabs.tsx";
import { Tooltip } from "#ui/tooltip.tsx";
import styles from "./worklist.module.css";

export function WorklistPage() {
  usePageTitle("Worklist");
  const { clock, bootstrap } = useApp();
  const today = dateIn(bootstrap.clinic.timeZone, clock.now());
  const [filter, setFilter] = useState<DayFilter>({ date: today, scope: "mine", text: "", state: "any" });
  const [queue, setQueue] = useState<QueueId>("today");
  const [open, setOpen] = useState<"walk-in" | "help" | undefined>();
  const queues = useQueues();
  const lists = useRef<HTMLDivElement>(null);
  useListKeys(
    lists,
    useCallback(() => setOpen("help"), [setOpen]),
  );
  return (
    <>
      <PageHeader
        title={filter.date === today ? "Today" : dateWords(filter.date)}
        actions={
          <>
            <div className={styles["help"]}>
              <Tooltip words="Keyboard help">
                <IconButton label="Keyboard help" icon={<Keyboard />} onPress={() => setOpen("help")} />
              </Tooltip>
            </div>
            <Button icon={<UserRoundPlus />} onPress={() => setOpen("walk-in")}>
              Walk-in visit
            </Button>
          </>
        }
      >
        {filter.date === today && <p>{dateWords(today)}</p>}
      </PageHeader>
      <HeldBanner />
      <div ref={lists}>
        <Tabs
          label="Queues"
          selected={queue}
          onSelect={(id) => setQueue(id as QueueId)}
          tabs={[
            {
              id: "today",
              label: "Appointments",
              content: (
                <>
                  <Filters today={today} filter={filter} onChange={setFilter} />
                  <DayList filter={filter} onWalkIn={() => setOpen("walk-in")} />
                </>
              ),
            },
            {
              id: "attention",
              label: "Needs attention",
              count: queues.attention.length,
              content: <DraftsList label="Needs attention" visits={queues.attention} />,
            },
            {
              id: "drafts",
              label: "Drafts ready",
              count: queues.drafts.length,
              content: <DraftsList label="Drafts ready" visits={queues.drafts} />,
            },
            {
              id: "waiting",
              label: "Waiting to send",
              count: queues.waiting.length,
              content: <WaitingList visits={queues.waiting} />,
            },
          ]}
        />
      </div>
      <WalkInDialog isOpen={open === "walk-in"} onClose={() => setOpen(undefined)} />
      <HelpDialog isOpen={open === "help"} onClose={() => setOpen(undefined)} />
    </>
  );
}

function useQueues() {
  const { id } = useUser();
  const { data: visits } = useVisits();
  const { data: held = [] } = useHeld();
  const nowMs = useNow(60_000);
  return queuesOf({ visits: visits?.visits ?? [], held, clinicianId: id, nowMs });
}
