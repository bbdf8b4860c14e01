/** "Send to another service": one choice for each other service of the clinic; nothing where there is none. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Shuffle } from "lucide-react";
import { toProblem } from "#model/problem.ts";
import type { VisitView } from "#protocol/bff.ts";
import { useApp } from "#app/app-context.ts";
import { keepVisit } from "#app/events.ts";
import { problemWords } from "#app/problem-words.ts";
import { useServices } from "#app/queries.ts";
import { useVisitSession } from "#app/use-recording.ts";
import { Button, IconButton } from "#ui/button.tsx";
import { Menu } from "#ui/menu.tsx";
import { useSpeaker } from "#ui/toast.tsx";
import { noteOf, othersOf } from "./elsewhere.ts";

const label = "Send to another service";

/** `isSmall`: an icon alone, for rows. */
export function SendElsewhere({ visit, isSmall = false }: { visit: VisitView; isSmall?: boolean }) {
  const { data } = useServices();
  const send = useSend(visit);
  const others = othersOf(data?.services ?? [], visit.service);
  if (others.length === 0) return null;
  return (
    <Menu
      label={`${label}, ${visit.patient.name}`}
      choices={others.map((service) => ({
        id: service.id,
        label: service.name,
        note: noteOf(service),
        onAction: () => send.mutate(service.id),
      }))}
    >
      {isSmall ? (
        <IconButton
          kind="secondary"
          label={`${label}, ${visit.patient.name}`}
          icon={<Shuffle />}
          isPending={send.isPending}
        />
      ) : (
        <Button icon={<Shuffle />} isPending={send.isPending}>
          {label}
        </Button>
      )}
    </Menu>
  );
}

/** The audio goes again from this device when it holds it; elsewhere it waits for the device that does. */
function useSend(visit: VisitView) {
  const { bff } = useApp();
  const queryClient = useQueryClient();
  const session = useVisitSession();
  const { toast } = useSpeaker();
  return useMutation({
    mutationFn: (service: string) => bff.sendElsewhere(visit.id, service),
    onSuccess: (next) => {
      keepVisit(queryClient, next);
      void session.visitChanged(next).catch(() => undefined);
      session.sendNow();
      toast({ tone: "good", words: "The recording goes to the other service" });
    },
    onError: (thrown) => toast({ tone: "warn", words: problemWords(toProblem(thrown).code).title }),
  });
}
