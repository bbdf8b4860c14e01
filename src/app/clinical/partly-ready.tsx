/** A draft that the service could not finish: what is missing of it, and how to have the rest. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import type { Draft } from "#model/note.ts";
import { type Problem, toProblem } from "#model/problem.ts";
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
  return visit.state === "partly_ready" ? <Unfinished visit={visit} draft={draft} /> : null;
}

/** Where asking again needs the audio, it is offered on the device that holds it. */
function Unfinished({ visit, draft }: PartlyReadyProps) {
  const { data: held = [] } = useHeld();
  const retry = useRetry(visit);
  const isHere = held.some(({ visitId }) => visitId === visit.id);
  const isAlone = draft?.restAlone === true;
  return (
    <Banner
      tone="warn"
      title="This draft is not complete"
      action={
        (isHere || isAlone) && (
          <>
            <Button icon={<RefreshCw />} isPending={retry.isPending} onPress={() => retry.mutate()}>
              {isAlone ? "Ask for the rest" : "Ask for a whole new draft"}
            </Button>
            {isHere && <SendElsewhere visit={visit} />}
          </>
        )
      }
    >
      {missingWords(draft?.missing ?? [])} {troubleWords(retry.error === null ? visit.problem : toProblem(retry.error))}
      {restWords({ isAlone, isHere })}
    </Banner>
  );
}

/** Why it was not to be had when it was asked for again. */
function troubleWords(told: Problem | null): string {
  return told === null ? "" : `${problemWords(told.code).title}. `;
}

/** What asking again costs. */
function restWords({ isAlone, isHere }: { isAlone: boolean; isHere: boolean }): string {
  const edited = "Once you change the text, it stays as you leave it.";
  if (isAlone) return `It can write the rest from the recording that it has; nothing is sent again. ${edited}`;
  if (!isHere)
    return "It cannot write a part alone: the device that recorded this visit can ask for a whole new draft.";
  return `It cannot write a part alone: the whole recording is sent again, and this draft stays until the new one is there. ${edited}`;
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
