import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Hash, ScanSearch, Stethoscope } from "lucide-react";
import { useState } from "react";
import { dateIn } from "#model/clock.ts";
import { toProblem } from "#model/problem.ts";
import type { ProviderList, ProviderView } from "#protocol/bff-providers.ts";
import { useApp } from "#app/app-context.ts";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { keys, useProviders } from "#app/queries.ts";
import { Button } from "#ui/button.tsx";
import { Card } from "#ui/card.tsx";
import { EmptyState, Skeleton } from "#ui/empty-state.tsx";
import { useSpeaker } from "#ui/toast.tsx";
import styles from "./administration.module.css";
import { ProviderDialog } from "./provider-dialog.tsx";
import { nameOf, whence } from "./provider-words.ts";

/** Which number OpenEMR gave each clinician: booking and filing need it, and most accounts may not list it. */
export function ProviderNumbers() {
  const { data, error, refetch } = useProviders();
  if (error !== null && data === undefined) {
    return <ProblemBanner problem={toProblem(error)} onAction={() => void refetch()} />;
  }
  if (data === undefined) return <Skeleton lines={6} label="Loading the numbers" />;
  return <Numbers list={data} />;
}

function Numbers({ list }: { list: ProviderList }) {
  const { bff } = useApp();
  const { toast } = useSpeaker();
  const queryClient = useQueryClient();
  const [edited, setEdited] = useState<ProviderView | undefined>();
  const learn = useMutation({
    mutationFn: () => bff.learnProviders(),
    onSuccess: (fresh) => {
      queryClient.setQueryData(keys.providers, fresh);
      toast({ tone: "good", words: "OpenEMR's appointments were read." });
    },
  });
  return (
    <>
      {learn.error !== null && <ProblemBanner problem={toProblem(learn.error)} onAction={() => learn.mutate()} />}
      <Card
        isFlush
        title="Numbers in OpenEMR"
        icon={<Hash />}
        aside={
          <Button size="small" icon={<ScanSearch />} isPending={learn.isPending} onPress={() => learn.mutate()}>
            Look in the appointments
          </Button>
        }
      >
        {list.clinicians.length === 0 ? (
          <EmptyState icon={<Stethoscope />} title="No clinician was seen yet">
            They appear here once one has signed in, or the appointments were looked at.
          </EmptyState>
        ) : (
          <div className={styles["scroll"]}>
            <NumbersTable list={list} onEdit={setEdited} />
          </div>
        )}
      </Card>
      {edited !== undefined && <ProviderDialog view={edited} list={list} onClose={() => setEdited(undefined)} />}
    </>
  );
}

function NumbersTable({ list, onEdit }: { list: ProviderList; onEdit: (view: ProviderView) => void }) {
  const { bootstrap } = useApp();
  const dateOf = (instant: string): string => dateIn(bootstrap.clinic.timeZone, Date.parse(instant));
  return (
    <table className={styles["table"]}>
      <thead>
        <tr>
          <th scope="col">Clinician</th>
          <th scope="col">Number</th>
          <th scope="col">Facility</th>
          <th scope="col">Known from</th>
          <th scope="col">
            <span className="visually-hidden">Change</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {list.clinicians.map((view) => (
          <tr key={view.clinician.id}>
            <td>{nameOf(view)}</td>
            <td className={styles["figure"]}>{view.used?.providerId ?? "Not known"}</td>
            <td className={styles["figure"]}>{view.used?.facilityId ?? `${list.facilityId} (the clinic's)`}</td>
            <td>{whence(view, dateOf)}</td>
            <td>
              <Button size="small" aria-label={`Correct ${nameOf(view)}`} onPress={() => onEdit(view)}>
                Correct
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
