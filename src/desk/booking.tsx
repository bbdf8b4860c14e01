import type { FollowUpCard, FreeTime, LeftBehind } from "#protocol/bff-desk.ts";
import { Banner } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { Card } from "#ui/card.tsx";
import { CalendarPlus } from "lucide-react";
import styles from "./booking.module.css";
import { longDay, shortDay, timeWords } from "./day-words.ts";

/** The chosen time, said once more in full before it is booked. */
export function BookingConfirm({
  card,
  time,
  isPending,
  label = "Book this time",
  onBook,
}: {
  card: FollowUpCard;
  time: FreeTime | null;
  isPending: boolean;
  label?: string;
  onBook: (time: FreeTime) => void;
}) {
  return (
    <section className={styles["confirm"]} aria-label="Chosen time">
      <p className={styles["chosen"]}>
        {time === null
          ? "Choose a time."
          : `${longDay(time.date)}, ${timeWords(time.startTime)}, ${String(time.durationMinutes)} minutes with ${card.clinician.name}`}
      </p>
      <Button
        kind="primary"
        size="large"
        icon={<CalendarPlus />}
        isDisabled={time === null}
        isPending={isPending}
        onPress={() => {
          if (time) onBook(time);
        }}
      >
        {label}
      </Button>
    </section>
  );
}

/** Someone else was quicker: nothing was booked, the next free times are one press away. */
export function TimeTakenBanner({
  alternatives,
  onChoose,
}: {
  alternatives: readonly FreeTime[];
  onChoose: (time: FreeTime) => void;
}) {
  return (
    <Banner
      tone="warn"
      title="That time was just taken"
      action={
        <div className={styles["alternatives"]}>
          {alternatives.map((time) => (
            <Button key={`${time.date} ${time.startTime}`} onPress={() => onChoose(time)}>
              {`${shortDay(time.date)}, ${timeWords(time.startTime)}`}
            </Button>
          ))}
        </div>
      }
    >
      Nothing was booked. {alternatives.length > 0 ? "The next free times:" : "Choose another time."}
    </Banner>
  );
}

/** What could not be removed from OpenEMR when the booking was moved or cancelled. Nothing where nothing was left behind. */
export function LeftBehindBanner({ card, isPending, onRemove }: LeftBehindProps) {
  const times = leftBehindOf(card);
  if (times.length === 0) return null;
  return (
    <Banner
      tone="warn"
      title="The earlier appointment still stands in OpenEMR"
      action={
        <Button isPending={isPending} onPress={onRemove}>
          Remove it now
        </Button>
      }
    >
      {timesWords(times)} could not be removed.{" "}
      {card.booking === null
        ? "The booking is cancelled; until the earlier one is gone, it is in the calendar and its time is offered to nobody."
        : "The new time is booked; until the earlier one is gone, both are in the calendar."}
    </Banner>
  );
}

/** What still stands in OpenEMR beside the booking, or without one. */
export function leftBehindOf({ booking, cancelled }: FollowUpCard): LeftBehind[] {
  return booking?.leftBehind ?? cancelled?.leftBehind ?? [];
}

/** Several in full, so that they can be read out. */
export function timesWords(times: readonly Pick<FreeTime, "date" | "startTime">[]): string {
  return times.map(({ date, startTime }) => `${longDay(date)}, ${timeWords(startTime)}`).join("; ");
}

type LeftBehindProps = { card: FollowUpCard; isPending: boolean; onRemove: () => void };

/** What the patient takes home. */
export function Slip({ card, clinicName }: { card: FollowUpCard; clinicName: string }) {
  const { booking } = card;
  if (booking === null) return null;
  return (
    <Card title="Appointment slip">
      <div className={styles["slip"]} data-print>
        <p className={styles["clinic"]}>{clinicName}</p>
        <p className={styles["day"]}>{longDay(booking.date)}</p>
        <p className={styles["time"]}>{timeWords(booking.startTime)}</p>
        <dl className={styles["facts"]}>
          <div>
            <dt>Patient</dt>
            <dd>{card.patient.name}</dd>
          </div>
          <div>
            <dt>With</dt>
            <dd>{card.clinician.name}</dd>
          </div>
          <div>
            <dt>Takes about</dt>
            <dd>{booking.durationMinutes} minutes</dd>
          </div>
          <div>
            <dt>Confirmation</dt>
            <dd className={styles["code"]}>{booking.confirmation}</dd>
          </div>
        </dl>
        <p className={styles["asks"]}>If you cannot come, please tell us and name the confirmation number.</p>
      </div>
    </Card>
  );
}
