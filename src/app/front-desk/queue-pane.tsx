import { useMutation } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router-dom";
import { dateIn } from "#model/clock.ts";
import { useApp } from "#app/app-context.ts";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { useFollowUps } from "#app/queries.ts";
import { FollowUpQueueList } from "#desk/queue.tsx";
import { toProblem } from "#model/problem.ts";
import type { FollowUpCard } from "#protocol/bff-desk.ts";
import { Button } from "#ui/button.tsx";
import { Card } from "#ui/card.tsx";
import { Banner } from "#ui/banner.tsx";
import { Skeleton } from "#ui/empty-state.tsx";
import { RadioCards } from "#ui/radio-cards.tsx";
import { TextField } from "#ui/text-field.tsx";
import styles from "./front-desk.module.css";

type Filter = "open" | "booked" | "waiting" | "recall" | "declined";
type Shelf = { label: string; empty: string; why: string; holds: (card: FollowUpCard) => boolean };

const shelves: Record<Filter, Shelf> = {
  open: {
    label: "To book",
    empty: "Nothing to book",
    why: "Follow-ups appear here as soon as a clinician signs a note that asks for one.",
    holds: ({ state }) => state === "open" || state === "unreachable",
  },
  booked: {
    label: "Booked",
    empty: "Nothing booked yet",
    why: "What you book from the queue is kept here, with its confirmation number.",
    holds: ({ state }) => state === "booked",
  },
  waiting: {
    label: "Waitlist",
    empty: "Nobody waits",
    why: "Put a patient on the waitlist from their follow-up. When somebody cancels, the freed time is offered here.",
    holds: ({ waiting }) => waiting !== null,
  },
  recall: {
    label: "Recall list",
    empty: "Nobody to recall",
    why: "Follow-ups that are too far ahead to be booked wait here and come into the queue by themselves.",
    holds: ({ state }) => state === "recall",
  },
  declined: {
    label: "Declined",
    empty: "Nobody declined",
    why: "Patients who do not want their follow-up. It can be opened again.",
    holds: ({ state }) => state === "declined",
  },
};
const filters = Object.keys(shelves) as Filter[];
const numberShape = /^[a-z]{2}[ -]?\d{2}[ -]?[a-z]{2}$/iu;

/** Every follow-up on its shelf; the search looks on all shelves, and for a confirmation number in all that was booked. */
export function QueuePane() {
  const { data, error, refetch } = useFollowUps();
  const { clock, bootstrap } = useApp();
  const [filter, setFilter] = useState<Filter>("open");
  const [text, setText] = useState("");
  const navigate = useNavigate();
  const cards = data?.followUps ?? [];
  const wanted = text.trim().toLowerCase();
  const shelf = shelves[filter];
  const shown = cards.filter((card) => (wanted === "" ? shelf.holds(card) : isFound(card, wanted)));
  return (
    <>
      <Find text={text} onText={setText} />
      {wanted === "" && (
        <div className={styles["shelves"]}>
          <RadioCards<Filter>
            label="Show"
            isLabelHidden
            isCompact
            value={filter}
            onChange={setFilter}
            cards={filters.map((value) => ({
              value,
              label: `${shelves[value].label} (${String(cards.filter(shelves[value].holds).length)})`,
            }))}
          />
        </div>
      )}
      {error !== null && <ProblemBanner problem={toProblem(error)} onAction={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton lines={5} label="Loading the follow-ups" />}
      {data !== undefined && (
        <Card isFlush>
          <FollowUpQueueList
            cards={shown}
            today={dateIn(bootstrap.clinic.timeZone, clock.now())}
            empty={wanted === "" ? shelf.empty : "Nothing matches"}
            why={wanted === "" ? shelf.why : "Looked on every list: patient, record number, confirmation number."}
            onOpen={(card) => void navigate(`/desk/${card.id}`)}
          />
        </Card>
      )}
    </>
  );
}

function isFound(card: FollowUpCard, wanted: string): boolean {
  const { patient, booking, clinician } = card;
  const number = booking?.confirmation.toLowerCase() ?? "";
  const typedNumber = wanted.replaceAll(/[ -]/gu, "");
  return (
    `${patient.name} ${patient.recordNumber} ${clinician.name}`.toLowerCase().includes(wanted) ||
    (number !== "" && number === typedNumber)
  );
}

/** A whole confirmation number opens its booking, also one that left the lists. */
function Find({ text, onText }: { text: string; onText: (text: string) => void }) {
  const { bff } = useApp();
  const navigate = useNavigate();
  const find = useMutation({
    mutationFn: (number: string) => bff.findConfirmation(number),
    onSuccess: (card) => void navigate(`/desk/${card.id}`),
  });
  const isNumber = numberShape.test(text.trim());
  const change = (next: string): void => {
    find.reset();
    onText(next);
  };
  return (
    <form
      className={styles["find"]}
      aria-label="Find a follow-up"
      onSubmit={(event) => {
        event.preventDefault();
        if (isNumber) find.mutate(text.trim());
      }}
    >
      <TextField
        label="Find a follow-up"
        isLabelHidden
        type="search"
        autoComplete="off"
        icon={<Search />}
        placeholder="Patient, record or confirmation number"
        value={text}
        onChange={change}
      />
      {isNumber && (
        <Button type="submit" isPending={find.isPending}>
          Open booking
        </Button>
      )}
      {find.error !== null && (
        <Banner tone="warn" title="No booking has this number">
          It may have been cancelled, or a letter is different. Numbers look like AB23CD.
        </Banner>
      )}
    </form>
  );
}
