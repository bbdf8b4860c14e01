import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useApp } from "#app/app-context.ts";
import { problemWords } from "#app/problem-words.ts";
import { keys, useAddenda } from "#app/queries.ts";
import { timeIn } from "#model/clock.ts";
import { AddendumId } from "#model/id.ts";
import { toProblem } from "#model/problem.ts";
import type { VisitView } from "#protocol/bff.ts";
import { Skeleton } from "#ui/empty-state.tsx";
import { AddendaCard } from "#visit/writeback/addenda-card.tsx";
import { useState } from "react";
import { ProblemBanner } from "./problem-banner.tsx";

/** The addenda of a signed note. */
export function Addenda({ visit }: { visit: VisitView }) {
  const { bff, bootstrap } = useApp();
  const queryClient = useQueryClient();
  const addenda = useAddenda(visit.id);
  // The same until the server keeps it: sent twice it is one addendum.
  const [id, setId] = useState(newId);
  const sign = useMutation({
    mutationFn: (text: string) => bff.signAddendum(visit.id, { id, text }),
    onSuccess: (fresh) => {
      setId(newId());
      queryClient.setQueryData(keys.addenda(visit.id), fresh);
    },
  });
  const retry = useMutation({
    mutationFn: () => bff.fileNote(visit.id),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.addenda(visit.id) }),
  });
  const error = addenda.error ?? sign.error ?? retry.error;
  if (addenda.data === undefined && error === null) return <Skeleton lines={2} label="Loading the addenda" />;
  return (
    <AddendaCard
      addenda={addenda.data?.addenda ?? []}
      timeOf={(iso) => timeIn(bootstrap.clinic.timeZone, Date.parse(iso))}
      reasonOf={({ filing }) => (filing.problem === null ? undefined : problemWords(filing.problem.code).sentence)}
      onSign={(text) =>
        sign.mutateAsync(text).then(
          () => true,
          () => false,
        )
      }
      onRetry={() => retry.mutate()}
      isPending={sign.isPending}
      outcome={error === null ? undefined : <ProblemBanner problem={toProblem(error)} onAction={sign.reset} />}
    />
  );
}

function newId(): AddendumId {
  return AddendumId.parse(crypto.randomUUID());
}
