import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { useFreeTimes } from "#app/queries.ts";
import { Availability } from "#desk/availability.tsx";
import { BookingConfirm, TimeTakenBanner } from "#desk/booking.tsx";
import { OffersBanner } from "#desk/outcomes.tsx";
import type { AppointmentKind } from "#model/follow-up.ts";
import { toProblem } from "#model/problem.ts";
import type { FollowUpCard, FreeTime } from "#protocol/bff-desk.ts";
import { Button } from "#ui/button.tsx";
import { Card } from "#ui/card.tsx";
import { Skeleton } from "#ui/empty-state.tsx";
import { Select } from "#ui/select.tsx";
import styles from "./front-desk.module.css";
import { useCard } from "./use-card.ts";
import { useDeskTime } from "./use-desk-time.ts";

const kinds: { value: AppointmentKind; label: string }[] = [
  { value: "follow_up", label: "Follow-up" },
  { value: "routine", label: "Routine exam" },
  { value: "urgent", label: "Urgent visit" },
  { value: "consultation", label: "Consultation" },
];

/** Free times of the follow-up's clinician; the chosen one is booked, or the booked one moved to it. */
export function ChooseTime({ card, onBooked }: { card: FollowUpCard; onBooked: () => void }) {
  const { bff, setCard } = useCard(card);
  const [kind, setKind] = useState<AppointmentKind>(card.booking?.kind ?? "follow_up");
  const [chosen, setChosen] = useState<FreeTime | null>(null);
  const free = useFreeTimes(card.id, kind);
  const book = useMutation({
    mutationFn: ({ date, startTime }: FreeTime) => bff.book(card.id, { date, startTime, kind }),
    onSuccess: (outcome) => {
      setChosen(null);
      if ("booked" in outcome) {
        setCard(outcome.booked);
        onBooked();
      } else {
        void free.refetch();
      }
    },
  });
  const choose = (time: FreeTime): void => {
    book.reset();
    setChosen(time);
  };
  const taken = book.data !== undefined && "taken" in book.data ? book.data.taken : null;
  return (
    <>
      <OffersBanner offers={card.offers} onChoose={choose} />
      {taken !== null && <TimeTakenBanner alternatives={taken} onChoose={choose} />}
      {book.error !== null && <ProblemBanner problem={toProblem(book.error)} onAction={book.reset} />}
      <Card
        title={`Free times with ${card.clinician.name}`}
        aside={
          <Select
            label="Kind of appointment"
            isLabelHidden
            value={kind}
            choices={kinds}
            onChange={(next) => {
              setKind(next);
              setChosen(null);
            }}
          />
        }
      >
        <Times free={free} chosen={chosen} onChoose={choose} />
      </Card>
      <BookingConfirm
        card={card}
        time={chosen}
        isPending={book.isPending}
        label={card.booking === null ? "Book this time" : "Move to this time"}
        onBook={(time) => book.mutate(time)}
      />
    </>
  );
}

type TimesProps = {
  free: ReturnType<typeof useFreeTimes>;
  chosen: FreeTime | null;
  onChoose: (time: FreeTime) => void;
};

function Times({ free, chosen, onChoose }: TimesProps) {
  const { data, again, refetch } = free;
  const failure = free.error ?? again.error;
  return (
    <>
      {failure !== null && <ProblemBanner problem={toProblem(failure)} onAction={() => void refetch()} />}
      {data === undefined && failure === null && <Skeleton lines={4} label="Loading free times" />}
      {data !== undefined && (
        <>
          <Availability
            free={data}
            chosen={chosen}
            onChoose={onChoose}
            whenNone="The waitlist below offers what others give back."
          />
          <LookAgain fetchedAt={data.fetchedAt} isPending={again.isPending} onAgain={again.mutate} />
        </>
      )}
    </>
  );
}

type LookAgainProps = { fetchedAt: string; isPending: boolean; onAgain: () => void };

function LookAgain({ fetchedAt, isPending, onAgain }: LookAgainProps) {
  const time = useDeskTime();
  return (
    <div className={styles["tools"]}>
      <Button size="small" isPending={isPending} onPress={() => onAgain()}>
        Look again
      </Button>
      <span className={styles["read"]}>OpenEMR’s calendar at {time(fetchedAt)}; booking checks once more</span>
    </div>
  );
}
