/** A draft that the service could not finish: what is missing of it, and how to have the rest. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import type { Draft } from "#model/note.ts";
import { toProblem } from "#model/problem.ts";
import type { VisitView } from "#protocol/bff.ts";
import { useApp } from "#app/app-context.ts";
import { keepVisit } from "#app/events.ts";
import { problemWords } from "#app/problem-words.ts";
import { useHeld } from "#app/queries.ts";
import { useVisitSession } from "#app/use-recording.ts";
import { Banner } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { missingWords } from "./missing-words.ts";
import { SendElsewhere } from "./send-elsewhere.tsx";

type PartlyReadyProps = { visit: VisitView; draft: Draft | undefined };

/** Nothing for a whole draft, and for one that was edited. */
export function PartlyReady({ visit, draft }: PartlyReadyProps) {
  return visit.state === "partly_ready" ? <Unfinished visit={visit} missing={draft?.missing ?? []} /> : null;
}

/** Asking again needs the audio, so it is offered on the device that holds it. */
function Unfinished({ visit, missing }: { visit: VisitView; missing: readonly string[] }) {
  const { data: held = [] } = useHeld();
  const retry = useRetry(visit);
  const isHere = held.some(({ visitId }) => visitId === visit.id);
  const told = retry.error === null ? visit.problem : toProblem(retry.error);
  return (
    <Banner
      tone="warn"
      title="This draft is not complete"
      action={
        isHere && (
          <>
            <Button icon={<RefreshCw />} isPending={retry.isPending} onPress={() => retry.mutate()}>
              Ask for the rest
            </Button>
            <SendElsewhere visit={visit} />
          </>
        )
      }
    >
      {missingWords(missing)} {told === null ? "" : `${problemWords(told.code).title}. `}
      {isHere
        ? "Once you change the text, it stays as you leave it."
        : "The device that recorded this visit can ask for the rest."}
    </Banner>
  );
}

function useRetry(visit: VisitView) {
  const { bff } = useApp();
  const queryClient = useQueryClient();
  const session = useVisitSession();
  return useMutation({
    mutationFn: () => bff.retryVisit(visit.id),
    onSuccess: (next) => {
      keepVisit(queryClient, next);
      void session.visitChanged(next).catch(() => undefined);
      session.sendNow();
    },
  });
}
