import { useMutation } from "@tanstack/react-query";
import { PhoneOff, RotateCcw, UserX } from "lucide-react";
import { useState } from "react";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { DeclineDialog } from "#desk/outcomes.tsx";
import { toProblem } from "#model/problem.ts";
import type { FollowUpCard, FollowUpMark } from "#protocol/bff-desk.ts";
import { Button } from "#ui/button.tsx";
import { useCard } from "./use-card.ts";
import styles from "./front-desk.module.css";

/** What else can come of a call: it is said and counted, not deleted. */
export function NotBooked({ card }: { card: FollowUpCard }) {
  const { bff, setCard } = useCard(card);
  const [isDeclining, setDeclining] = useState(false);
  const mark = useMutation({
    mutationFn: (asked: FollowUpMark) => bff.markFollowUp(card.id, asked),
    onSuccess: setCard,
    onSettled: () => setDeclining(false),
  });
  return (
    <>
      {mark.error !== null && <ProblemBanner problem={toProblem(mark.error)} onAction={mark.reset} />}
      {card.state === "declined" ? (
        <div>
          <Button icon={<RotateCcw />} isPending={mark.isPending} onPress={() => mark.mutate({ state: "open" })}>
            Open again
          </Button>
        </div>
      ) : (
        <div className={styles["outcomes"]}>
          <Button icon={<PhoneOff />} isPending={mark.isPending} onPress={() => mark.mutate({ state: "unreachable" })}>
            Could not reach
          </Button>
          <Button icon={<UserX />} onPress={() => setDeclining(true)}>
            Patient declined
          </Button>
        </div>
      )}
      <DeclineDialog
        card={card}
        isOpen={isDeclining}
        isPending={mark.isPending}
        onAnswer={(note) => mark.mutate({ state: "declined", note })}
        onClose={() => setDeclining(false)}
      />
    </>
  );
}
