import { useMutation } from "@tanstack/react-query";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { toProblem } from "#model/problem.ts";
import type { FollowUpCard } from "#protocol/bff-desk.ts";
import { Button } from "#ui/button.tsx";
import { Switch } from "#ui/checkbox.tsx";
import { useCard } from "./use-card.ts";
import styles from "./front-desk.module.css";

/** On the waitlist or not. Who waits is shown what others give back, in the order of waiting. */
export function WaitSwitch({ card, onBack }: { card: FollowUpCard; onBack?: () => void }) {
  const { bff, setCard } = useCard(card);
  const wait = useMutation({ mutationFn: (waiting: boolean) => bff.wait(card.id, waiting), onSuccess: setCard });
  const { waiting } = card;
  return (
    <>
      {wait.error !== null && <ProblemBanner problem={toProblem(wait.error)} onAction={wait.reset} />}
      <div className={styles["tools"]}>
        <Switch
          isSelected={waiting !== null}
          isDisabled={wait.isPending}
          onChange={(on) => wait.mutate(on)}
          note={
            waiting === null
              ? "Times that others cancel are offered here."
              : `Place ${String(waiting.place)} of those who wait for ${card.clinician.name}.`
          }
        >
          On the waitlist
        </Switch>
        {onBack !== undefined && <Button onPress={onBack}>Leave it as it is</Button>}
      </div>
    </>
  );
}
