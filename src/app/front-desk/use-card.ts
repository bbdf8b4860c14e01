import { useQueryClient } from "@tanstack/react-query";
import { useApp } from "#app/app-context.ts";
import { keys } from "#app/queries.ts";
import type { FollowUpCard } from "#protocol/bff-desk.ts";

/** The clinic server, and the way to put a fresh card into the queue that is on screen. */
export function useCard(card: FollowUpCard) {
  const { bff } = useApp();
  const queryClient = useQueryClient();
  const setCard = (fresh: FollowUpCard): void => {
    queryClient.setQueryData<{ followUps: FollowUpCard[] }>(keys.followUps, (queue) =>
      queue === undefined ? queue : { followUps: queue.followUps.map((old) => (old.id === card.id ? fresh : old)) },
    );
    void queryClient.invalidateQueries({ queryKey: keys.freeTimes(card.id) });
    // Others may be offered what this one gave back.
    void queryClient.invalidateQueries({ queryKey: keys.followUps });
  };
  return { bff, setCard };
}
