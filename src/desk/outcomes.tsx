import { CancelReason } from "#model/follow-up.ts";
import type { FollowUpCard, FreeTime } from "#protocol/bff-desk.ts";
import { Banner } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { RadioCards } from "#ui/radio-cards.tsx";
import { TextArea } from "#ui/text-field.tsx";
import { type ReactNode, useState } from "react";
import styles from "./booking.module.css";
import { timesWords } from "./booking.tsx";
import { longDay, shortDay, timeWords } from "./day-words.ts";

const reasonWords: Record<CancelReason, string> = {
  patient: "The patient cancelled",
  clinician_away: "The clinician is away",
  no_longer_needed: "No longer needed",
  booked_by_mistake: "Booked by mistake",
};

type Asking<Answer> = { isOpen: boolean; isPending: boolean; onAnswer: (answer: Answer) => void; onClose: () => void };

/** Says what is cancelled and asks why; the time goes to those who wait. */
export function CancelDialog({
  card,
  isOpen,
  isPending,
  onAnswer,
  onClose,
}: Asking<CancelReason> & { card: FollowUpCard }) {
  const [reason, setReason] = useState<CancelReason | null>(null);
  const { booking } = card;
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title="Cancel this appointment?"
      mustAnswer
      actions={
        <>
          <Button onPress={onClose} isDisabled={isPending}>
            Keep it
          </Button>
          <Button
            kind="danger"
            isDisabled={reason === null}
            isPending={isPending}
            onPress={() => {
              if (reason !== null) onAnswer(reason);
            }}
          >
            Cancel appointment
          </Button>
        </>
      }
    >
      {booking !== null && (
        <p>
          {card.patient.name}, {longDay(booking.date)}, {timeWords(booking.startTime)}, with {card.clinician.name}. It
          is removed from OpenEMR, the follow-up goes back to the queue, and the time is offered to those who wait.
        </p>
      )}
      {booking !== null && booking.leftBehind.length > 0 && (
        <p>The earlier appointment that still stands is removed with it: {timesWords(booking.leftBehind)}.</p>
      )}
      <RadioCards<CancelReason>
        label="Why"
        value={reason}
        onChange={setReason}
        cards={CancelReason.options.map((value) => ({ value, label: reasonWords[value] }))}
      />
    </Dialog>
  );
}

/** The patient does not want it: what they said is kept with the follow-up. */
export function DeclineDialog({ card, isOpen, isPending, onAnswer, onClose }: Asking<string> & { card: FollowUpCard }) {
  const [note, setNote] = useState("");
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title="The patient declined"
      actions={
        <>
          <Button onPress={onClose} isDisabled={isPending}>
            Go back
          </Button>
          <Button kind="primary" isPending={isPending} onPress={() => onAnswer(note)}>
            Mark as declined
          </Button>
        </>
      }
    >
      <p>
        {card.patient.name} does not want the follow-up that {card.clinician.name} asked for. It leaves the queue and
        can be opened again.
      </p>
      <TextArea
        label="What the patient said"
        hint="Optional. Up to 300 letters."
        value={note}
        onChange={setNote}
        maxLength={300}
        rows={3}
      />
    </Dialog>
  );
}

/** What happened so far: calls, a refusal, a cancelled appointment. Nothing where nothing did. */
export function Story({ card, timeOf }: { card: FollowUpCard; timeOf: (iso: string) => string }) {
  const { tries, declined, cancelled } = card;
  if (tries.length === 0 && declined === null && cancelled === null) return null;
  return (
    <ul className={styles["story"]} aria-label="What happened so far">
      {tries.map(({ at, by }, index) => (
        <li key={at}>
          Call {index + 1}: nobody reached, {timeOf(at)}, {by}
        </li>
      ))}
      {declined !== null && (
        <li>
          Declined {timeOf(declined.at)}
          {declined.note !== "" && <>: “{declined.note}”</>}
        </li>
      )}
      {cancelled !== null && (
        <li>
          {shortDay(cancelled.date)}, {timeWords(cancelled.startTime)} was cancelled {timeOf(cancelled.at)}:{" "}
          {reasonWords[cancelled.reason].toLowerCase()}
        </li>
      )}
    </ul>
  );
}

/** Times that others gave back, for who waits. */
export function OffersBanner({
  offers,
  onChoose,
}: {
  offers: readonly FreeTime[];
  onChoose: (time: FreeTime) => void;
}) {
  if (offers.length === 0) return null;
  return (
    <Banner
      tone="good"
      title="A time came free"
      action={
        <div className={styles["alternatives"]}>
          {offers.map((time) => (
            <Button key={`${time.date} ${time.startTime}`} onPress={() => onChoose(time)}>
              {`${shortDay(time.date)}, ${timeWords(time.startTime)}`}
            </Button>
          ))}
        </div>
      }
    >
      Another appointment was cancelled or moved. Everyone who waits is offered it; it is not reserved.
    </Banner>
  );
}

/** Too far ahead to be booked: says since when it can be. */
export function RecallBanner({ card, children }: { card: FollowUpCard; children?: ReactNode }) {
  if (card.bookableFrom === null) return null;
  return (
    <Banner tone="info" title="On the recall list" action={children}>
      It is too far ahead to be booked today. From {longDay(card.bookableFrom)} on it stands in the queue by itself.
    </Banner>
  );
}
