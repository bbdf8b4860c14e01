import { CalendarX2 } from "lucide-react";
import { useState } from "react";
import { useParams } from "react-router-dom";
import { PatientBanner } from "#app/clinical/patient-banner.tsx";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { useClinicTime } from "#app/clinical/use-clinic-time.ts";
import { BookedPane } from "#app/front-desk/booked-pane.tsx";
import { ChooseTime } from "#app/front-desk/choose-time.tsx";
import { LeftBehind } from "#app/front-desk/left-behind.tsx";
import { NotBooked } from "#app/front-desk/not-booked.tsx";
import { useDeskTime } from "#app/front-desk/use-desk-time.ts";
import { WaitSwitch } from "#app/front-desk/wait-switch.tsx";
import { useFollowUps } from "#app/queries.ts";
import { usePageTitle } from "#app/shell/use-page-title.ts";
import { longDay, shortDay, timeWords } from "#desk/day-words.ts";
import { RecallBanner, Story } from "#desk/outcomes.tsx";
import { FollowUpChip } from "#desk/queue.tsx";
import { toProblem } from "#model/problem.ts";
import type { FollowUpCard } from "#protocol/bff-desk.ts";
import { LinkButton } from "#ui/button.tsx";
import { Card } from "#ui/card.tsx";
import { EmptyState, Skeleton } from "#ui/empty-state.tsx";
import { PageHeader } from "#ui/page-header.tsx";

/** One follow-up: free times, booking, slip, moving, cancelling. */
export function BookFollowUpPage() {
  usePageTitle("Book a follow-up");
  const { followUpId } = useParams();
  const { data, error, refetch } = useFollowUps();
  if (error !== null && data === undefined) {
    return <ProblemBanner problem={toProblem(error)} onAction={() => void refetch()} />;
  }
  if (data === undefined) return <Skeleton lines={6} label="Loading the follow-up" />;
  const card = data.followUps.find(({ id }) => id === followUpId);
  if (card === undefined) {
    return (
      <EmptyState icon={<CalendarX2 />} title="This follow-up is not in the queue" action={<BackToQueue />}>
        It may have been withdrawn, or it was settled long ago.
      </EmptyState>
    );
  }
  return <FollowUp key={card.id} card={card} />;
}

const titles: Record<FollowUpCard["state"], string> = {
  open: "Book the follow-up",
  unreachable: "Book the follow-up",
  booked: "Follow-up booked",
  declined: "Follow-up declined",
  recall: "Follow-up on the recall list",
};

function FollowUp({ card }: { card: FollowUpCard }) {
  const { date } = useClinicTime();
  const time = useDeskTime();
  const [isMoving, setMoving] = useState(false);
  const { state, window, clinician, booking } = card;
  const words = (iso: string): string => `${date(Date.parse(iso))} at ${time(iso)}`;
  return (
    <>
      <PatientBanner patient={card.patient}>
        <FollowUpChip state={state} />
      </PatientBanner>
      <PageHeader title={isMoving ? "Move the appointment" : titles[state]} actions={<BackToQueue />}>
        {isMoving && booking !== null && (
          <p>
            Now booked on {longDay(booking.date)}, {timeWords(booking.startTime)}. It stays booked until another time
            is.
          </p>
        )}
        “{card.sentence}” {clinician.name} asks for a time between {shortDay(window.from)} and {shortDay(window.to)},
        best on {shortDay(window.due)}.
      </PageHeader>
      <LeftBehind card={card} />
      <Story card={card} timeOf={words} />
      <RecallBanner card={card} />
      {isMoving ? (
        <>
          <ChooseTime card={card} onBooked={() => setMoving(false)} />
          <Card title="If none of these times suits">
            <WaitSwitch card={card} onBack={() => setMoving(false)} />
          </Card>
        </>
      ) : (
        <Settled card={card} onMove={() => setMoving(true)} />
      )}
    </>
  );
}

/** What can be done with a follow-up in its state. */
function Settled({ card, onMove }: { card: FollowUpCard; onMove: () => void }) {
  if (card.state === "booked") return <BookedPane card={card} onMove={onMove} />;
  if (card.state === "declined") return <NotBooked card={card} />;
  if (card.state === "recall") {
    return (
      <Card title="If the patient was called already">
        <NotBooked card={card} />
      </Card>
    );
  }
  return (
    <>
      <ChooseTime card={card} onBooked={() => undefined} />
      <Card title="If it is not booked now">
        <WaitSwitch card={card} />
        <NotBooked card={card} />
      </Card>
    </>
  );
}

function BackToQueue() {
  return <LinkButton href="/desk">Back to the queue</LinkButton>;
}
