import type { FollowUpState } from "#model/follow-up.ts";
import type { FollowUpCard } from "#protocol/bff-desk.ts";
import { EmptyState } from "#ui/empty-state.tsx";
import { RowList } from "#ui/row-list.tsx";
import { StatusChip, type Tone } from "#ui/status-chip.tsx";
import { CalendarCheck, CalendarClock, CalendarX, Inbox, PhoneOff, Telescope } from "lucide-react";
import type { ReactNode } from "react";
import { leftBehindOf } from "./booking.tsx";
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
  today,
  empty,
  why,
  onOpen,
}: {
  cards: readonly FollowUpCard[];
  today: string;
  empty: string;
  /** What makes something appear here. */
  why: string;
  onOpen: (card: FollowUpCard) => void;
}) {
  if (cards.length === 0) {
    return (
      <EmptyState icon={<Inbox />} title={empty}>
        {why}
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
      {(card) => <Row card={card} today={today} />}
    </RowList>
  );
}

/** How pressing a follow-up is that is not booked; nothing when there is time. */
export function urgencyOf({ window, state }: FollowUpCard, today: string): string | null {
  if (state !== "open" && state !== "unreachable") return null;
  if (window.to < today) return "Overdue";
  return window.due <= today ? "Due now" : null;
}

/** What else there is to know of a card, in few words. */
function remarksOf(card: FollowUpCard): string[] {
  const { tries, waiting, offers, booking } = card;
  return [
    ...(offers.length > 0 ? ["A time came free"] : []),
    ...(waiting === null ? [] : [`Waitlist, place ${String(waiting.place)}`]),
    ...(tries.length === 0 ? [] : [`${String(tries.length)} ${tries.length === 1 ? "call" : "calls"} unanswered`]),
    ...(leftBehindOf(card).length > 0 ? ["The earlier appointment still stands"] : []),
    ...(booking === null ? [] : [`Confirmation ${booking.confirmation}`]),
  ];
}

function Row({ card, today }: { card: FollowUpCard; today: string }) {
  const { patient, sentence, window, booking } = card;
  const urgency = urgencyOf(card, today);
  const remarks = remarksOf(card);
  return (
    <div className={styles["row"]}>
      <div className={styles["who"]}>
        <span className={styles["name"]}>{patient.name}</span>
        <span className={styles["record"]}>Record {patient.recordNumber}</span>
      </div>
      <div className={styles["what"]}>
        <span className={styles["sentence"]}>“{sentence}”</span>
        <span className={styles["clinician"]}>{[card.clinician.name, ...remarks].join(" · ")}</span>
      </div>
      <div className={styles["when"]}>
        {booking === null ? (
          <>
            <span>
              {shortDay(window.from)} – {shortDay(window.to)}
            </span>
            <span className={urgency === null ? styles["due"] : styles["pressing"]}>
              {urgency === null ? "due" : `${urgency}, due`} {shortDay(window.due)}
            </span>
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
