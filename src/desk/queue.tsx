import type { FollowUpState } from "#model/follow-up.ts";
import type { FollowUpCard } from "#protocol/bff-desk.ts";
import { EmptyState } from "#ui/empty-state.tsx";
import { RowList } from "#ui/row-list.tsx";
import { StatusChip, type Tone } from "#ui/status-chip.tsx";
import { CalendarCheck, CalendarClock, CalendarX, Inbox, PhoneOff, Telescope } from "lucide-react";
import type { ReactNode } from "react";
import { shortDay, timeWords } from "./day-words.ts";
import styles from "./queue.module.css";

const looks: Record<FollowUpState, { words: string; tone: Tone; icon: ReactNode }> = {
  open: { words: "To book", tone: "warn", icon: <CalendarClock /> },
  booked: { words: "Booked", tone: "good", icon: <CalendarCheck /> },
  declined: { words: "Declined", tone: "neutral", icon: <CalendarX /> },
  unreachable: { words: "Could not reach", tone: "neutral", icon: <PhoneOff /> },
  recall: { words: "Recall list", tone: "info", icon: <Telescope /> },
};

/** A card's state as icon and word. */
export function FollowUpChip({ state }: { state: FollowUpState }) {
  const { words, tone, icon } = looks[state];
  return (
    <StatusChip tone={tone} icon={icon}>
      {words}
    </StatusChip>
  );
}

/** The desk's queue: who, what was asked in one sentence, by when. */
export function FollowUpQueueList({
  cards,
  empty,
  onOpen,
}: {
  cards: readonly FollowUpCard[];
  empty: string;
  onOpen: (card: FollowUpCard) => void;
}) {
  if (cards.length === 0) {
    return (
      <EmptyState icon={<Inbox />} title={empty}>
        Follow-ups appear here as soon as a clinician signs a note that asks for one.
      </EmptyState>
    );
  }
  return (
    <RowList
      label="Follow-ups"
      items={cards}
      idOf={(card) => card.id}
      textOf={(card) => `${card.patient.name}, ${card.sentence}`}
      onOpen={onOpen}
    >
      {(card) => <Row card={card} />}
    </RowList>
  );
}

function Row({ card }: { card: FollowUpCard }) {
  const { patient, sentence, window, booking } = card;
  return (
    <div className={styles["row"]}>
      <div className={styles["who"]}>
        <span className={styles["name"]}>{patient.name}</span>
        <span className={styles["record"]}>Record {patient.recordNumber}</span>
      </div>
      <div className={styles["what"]}>
        <span className={styles["sentence"]}>“{sentence}”</span>
        <span className={styles["clinician"]}>{card.clinician.name}</span>
      </div>
      <div className={styles["when"]}>
        {booking === null ? (
          <>
            <span>
              {shortDay(window.from)} – {shortDay(window.to)}
            </span>
            <span className={styles["due"]}>due {shortDay(window.due)}</span>
          </>
        ) : (
          <>
            <span>{shortDay(booking.date)}</span>
            <span className={styles["due"]}>{timeWords(booking.startTime)}</span>
          </>
        )}
      </div>
      <FollowUpChip state={card.state} />
    </div>
  );
}
