import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CalendarX2, PhoneOff, Printer, UserX } from "lucide-react";
import { useState } from "react";
import { useParams } from "react-router-dom";
import { useApp } from "#app/app-context.ts";
import { PatientBanner } from "#app/clinical/patient-banner.tsx";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { keys, useFollowUps, useFreeTimes } from "#app/queries.ts";
import { usePageTitle } from "#app/shell/use-page-title.ts";
import { Availability } from "#desk/availability.tsx";
import { BookingConfirm, Slip, TimeTakenBanner } from "#desk/booking.tsx";
import { shortDay } from "#desk/day-words.ts";
import { FollowUpChip } from "#desk/queue.tsx";
import { toProblem } from "#model/problem.ts";
import type { FollowUpCard, FollowUpMark, FreeTime } from "#protocol/bff-desk.ts";
import { Banner } from "#ui/banner.tsx";
import { Button, LinkButton } from "#ui/button.tsx";
import { Card } from "#ui/card.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { EmptyState, Skeleton } from "#ui/empty-state.tsx";
import { PageHeader } from "#ui/page-header.tsx";

/** One follow-up: free times, booking, slip. */
export function BookFollowUpPage() {
  usePageTitle("Book a follow-up");
  const { followUpId } = useParams();
  const { data, error, refetch } = useFollowUps();
  if (error !== null) return <ProblemBanner problem={toProblem(error)} onAction={() => void refetch()} />;
  if (data === undefined) return <Skeleton lines={6} label="Loading the follow-up" />;
  const card = data.followUps.find(({ id }) => id === followUpId);
  if (card === undefined) {
    return (
      <EmptyState icon={<CalendarX2 />} title="This follow-up is not in the queue" action={<BackToQueue />}>
        It may have been withdrawn.
      </EmptyState>
    );
  }
  return (
    <>
      <PatientBanner patient={card.patient}>
        <FollowUpChip state={card.state} />
      </PatientBanner>
      <PageHeader title={card.state === "booked" ? "Follow-up booked" : "Book the follow-up"} actions={<BackToQueue />}>
        “{card.sentence}” {card.clinician.name} asks for a time between {shortDay(card.window.from)} and{" "}
        {shortDay(card.window.to)}, best on {shortDay(card.window.due)}.
      </PageHeader>
      {card.booking === null ? <Choose card={card} /> : <Booked card={card} />}
    </>
  );
}

function Choose({ card }: { card: FollowUpCard }) {
  const { bff, setCard } = useCard(card);
  const free = useFreeTimes(card.id, "follow_up");
  const [chosen, setChosen] = useState<FreeTime | null>(null);
  const book = useMutation({
    mutationFn: ({ date, startTime }: FreeTime) => bff.book(card.id, { date, startTime }),
    onSuccess: (outcome) => {
      setChosen(null);
      if ("booked" in outcome) setCard(outcome.booked);
      else void free.refetch();
    },
  });
  const taken = book.data !== undefined && "taken" in book.data ? book.data.taken : null;
  return (
    <>
      {taken !== null && <TimeTakenBanner alternatives={taken} onChoose={(time) => (book.reset(), setChosen(time))} />}
      {book.error !== null && <ProblemBanner problem={toProblem(book.error)} onAction={book.reset} />}
      {free.error !== null && <ProblemBanner problem={toProblem(free.error)} onAction={() => void free.refetch()} />}
      <Card title={`Free times with ${card.clinician.name}`}>
        {free.data === undefined ? (
          <Skeleton lines={4} label="Loading free times" />
        ) : (
          <Availability
            free={free.data}
            chosen={chosen}
            onChoose={setChosen}
            whenNone={<Button onPress={() => void free.refetch()}>Look again</Button>}
          />
        )}
      </Card>
      <BookingConfirm card={card} time={chosen} isPending={book.isPending} onBook={(time) => book.mutate(time)} />
      <NotBooked card={card} />
    </>
  );
}

/** What else can come of a call: it is said, not deleted. */
function NotBooked({ card }: { card: FollowUpCard }) {
  const { bff, setCard } = useCard(card);
  const mark = useMutation({
    mutationFn: (asked: FollowUpMark) => bff.markFollowUp(card.id, asked),
    onSuccess: setCard,
  });
  if (card.state === "declined") {
    return (
      <Banner
        title="The patient declined"
        action={<Button onPress={() => mark.mutate({ state: "open" })}>Open again</Button>}
      />
    );
  }
  return (
    <div>
      {mark.error !== null && <ProblemBanner problem={toProblem(mark.error)} onAction={mark.reset} />}
      <Button kind="quiet" icon={<PhoneOff />} onPress={() => mark.mutate({ state: "unreachable" })}>
        Could not reach
      </Button>
      <Button kind="quiet" icon={<UserX />} onPress={() => mark.mutate({ state: "declined" })}>
        Patient declined
      </Button>
    </div>
  );
}

function Booked({ card }: { card: FollowUpCard }) {
  const { bootstrap } = useApp();
  const { bff, setCard } = useCard(card);
  const [isAsking, setAsking] = useState(false);
  const cancel = useMutation({
    mutationFn: () => bff.cancelBooking(card.id, "patient"),
    onSuccess: setCard,
    onSettled: () => setAsking(false),
  });
  return (
    <>
      {cancel.error !== null && <ProblemBanner problem={toProblem(cancel.error)} onAction={cancel.reset} />}
      <Banner
        tone="good"
        title="Booked and read back from OpenEMR"
        action={
          <Button icon={<Printer />} onPress={() => window.print()}>
            Print slip
          </Button>
        }
      >
        No other appointment of {card.clinician.name} overlaps this time.
      </Banner>
      <Slip card={card} clinicName={bootstrap.clinic.name} />
      <div>
        <Button kind="quiet" icon={<CalendarX2 />} onPress={() => setAsking(true)}>
          Cancel this appointment
        </Button>
      </div>
      <ConfirmDialog
        isOpen={isAsking}
        title="Cancel this appointment?"
        confirmLabel="Cancel appointment"
        isPending={cancel.isPending}
        onConfirm={() => cancel.mutate()}
        onCancel={() => setAsking(false)}
      >
        It is removed from OpenEMR and the follow-up goes back to the queue.
      </ConfirmDialog>
    </>
  );
}

function BackToQueue() {
  return <LinkButton href="/desk">Back to the queue</LinkButton>;
}

/** The clinic server, and the way to put a fresh card into the queue that is on screen. */
function useCard(card: FollowUpCard) {
  const { bff } = useApp();
  const queryClient = useQueryClient();
  const setCard = (fresh: FollowUpCard): void => {
    queryClient.setQueryData<{ followUps: FollowUpCard[] }>(keys.followUps, (queue) =>
      queue === undefined ? queue : { followUps: queue.followUps.map((old) => (old.id === card.id ? fresh : old)) },
    );
    void queryClient.invalidateQueries({ queryKey: keys.freeTimes(card.id) });
  };
  return { bff, setCard };
}
