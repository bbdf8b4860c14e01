import { useMutation } from "@tanstack/react-query";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { LeftBehindBanner } from "#desk/booking.tsx";
import { problem, toProblem } from "#model/problem.ts";
import type { FollowUpCard } from "#protocol/bff-desk.ts";
import { useCard } from "./use-card.ts";

/** What a move or a cancelled booking left standing in OpenEMR, with another try to remove it. */
export function LeftBehind({ card }: { card: FollowUpCard }) {
  const { bff, setCard } = useCard(card);
  const remove = useMutation({
    mutationFn: async ({ booking, cancelled }: FollowUpCard) => {
      if (booking === null) return cancelled === null ? card : bff.cancelBooking(card.id, cancelled.reason);
      const { date, startTime, kind } = booking;
      const outcome = await bff.book(card.id, { date, startTime, kind });
      if ("taken" in outcome) throw problem("time_taken");
      return outcome.booked;
    },
    onSuccess: setCard,
  });
  return (
    <>
      {remove.error !== null && <ProblemBanner problem={toProblem(remove.error)} onAction={remove.reset} />}
      <LeftBehindBanner card={card} isPending={remove.isPending} onRemove={() => remove.mutate(card)} />
    </>
  );
}
