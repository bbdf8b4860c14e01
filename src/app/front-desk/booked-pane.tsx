import { useMutation } from "@tanstack/react-query";
import { CalendarClock, CalendarX2, Printer } from "lucide-react";
import { useState } from "react";
import { useApp } from "#app/app-context.ts";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { Slip } from "#desk/booking.tsx";
import { CancelDialog, OffersBanner } from "#desk/outcomes.tsx";
import type { CancelReason } from "#model/follow-up.ts";
import { toProblem } from "#model/problem.ts";
import type { FollowUpCard } from "#protocol/bff-desk.ts";
import { Banner } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import styles from "./front-desk.module.css";
import { useCard } from "./use-card.ts";

/** A booking: the slip to print, and the ways to another time or to none. */
export function BookedPane({ card, onMove }: { card: FollowUpCard; onMove: () => void }) {
  const { bootstrap } = useApp();
  const { bff, setCard } = useCard(card);
  const [isAsking, setAsking] = useState(false);
  const cancel = useMutation({
    mutationFn: (reason: CancelReason) => bff.cancelBooking(card.id, reason),
    onSuccess: setCard,
    onSettled: () => setAsking(false),
  });
  return (
    <>
      {cancel.error !== null && <ProblemBanner problem={toProblem(cancel.error)} onAction={cancel.reset} />}
      <OffersBanner offers={card.offers} onChoose={onMove} />
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
      <div className={styles["outcomes"]}>
        <Button icon={<CalendarClock />} onPress={onMove}>
          Move to another time
        </Button>
        <Button icon={<CalendarX2 />} onPress={() => setAsking(true)}>
          Cancel this appointment
        </Button>
      </div>
      <CancelDialog
        card={card}
        isOpen={isAsking}
        isPending={cancel.isPending}
        onAnswer={(reason) => cancel.mutate(reason)}
        onClose={() => setAsking(false)}
      />
    </>
  );
}
