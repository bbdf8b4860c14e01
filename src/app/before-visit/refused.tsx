import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router-dom";
import type { Consent } from "#model/consent.ts";
import { VisitId } from "#model/id.ts";
import { toProblem } from "#model/problem.ts";
import { useApp } from "#app/app-context.ts";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { keepVisit } from "#app/events.ts";
import { readWorkstation } from "#app/workstation.ts";
import { Banner } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { toVisitCreate } from "./new-visit.ts";
import type { PlannedVisit } from "./planned-visit.ts";

/** Somebody said no: nothing is recorded, and the worklist says why. */
export function Refused({ planned, refusal }: { planned: PlannedVisit; refusal: Consent }) {
  const { bff, clock } = useApp();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const decline = useMutation({
    mutationFn: async () => {
      const { name } = await readWorkstation();
      const create = toVisitCreate(planned, refusal, { startedAt: clock.now(), device: name });
      return bff.createVisit(VisitId.parse(crypto.randomUUID()), create);
    },
    onSuccess: async (visit) => {
      keepVisit(queryClient, visit);
      await navigate("/worklist");
    },
  });
  return (
    <>
      <Banner
        tone="info"
        title="No recording of this visit"
        action={
          <Button isPending={decline.isPending} onPress={() => decline.mutate()}>
            Note the refusal
          </Button>
        }
      >
        Nothing is recorded and no audio is stored. The worklist will say Declined. Write the note in OpenEMR after the
        visit.
      </Banner>
      {decline.error !== null && <ProblemBanner problem={toProblem(decline.error)} onAction={() => decline.mutate()} />}
    </>
  );
}
