import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleCheck, CloudOff, Hospital, RefreshCw } from "lucide-react";
import { toProblem } from "#model/problem.ts";
import { useApp } from "#app/app-context.ts";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { keys, useServiceReports, useServices } from "#app/queries.ts";
import { Button } from "#ui/button.tsx";
import { Card, Stat } from "#ui/card.tsx";
import { Skeleton } from "#ui/empty-state.tsx";
import { StatusChip } from "#ui/status-chip.tsx";
import styles from "./administration.module.css";
import { ScribeCard } from "./scribe-card.tsx";
import { failoverOf } from "./service-words.ts";

/** Every service with its health, as discovered, not as configured, in the order in which they take new visits. */
export function ServiceCards() {
  const { data, error, refetch } = useServices();
  const { data: reports } = useServiceReports();
  if (data === undefined) {
    return error === null ? (
      <Skeleton label="Loading the services" />
    ) : (
      <ProblemBanner problem={toProblem(error)} onAction={() => void refetch()} />
    );
  }
  return (
    <>
      <div className={styles["bar"]}>
        <p>{reports === undefined ? "" : failoverOf(reports)}</p>
        <CheckAgain />
      </div>
      <div className={styles["cards"]}>
        {data.services.map((service, place) => (
          <ScribeCard
            key={service.id}
            service={service}
            report={reports?.services.find(({ id }) => id === service.id)}
            place={place}
            count={data.services.length}
          />
        ))}
        <ChartCard />
      </div>
    </>
  );
}

/** Asks every service now what it can do. */
function CheckAgain() {
  const { bff } = useApp();
  const queryClient = useQueryClient();
  const check = useMutation({
    mutationFn: () => bff.checkServices(),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.services }),
  });
  return (
    <Button icon={<RefreshCw />} isPending={check.isPending} onPress={() => check.mutate()}>
      Check again
    </Button>
  );
}

function Health({ state }: { state: "up" | "down" }) {
  return state === "up" ? (
    <StatusChip tone="good" icon={<CircleCheck />}>
      Answers
    </StatusChip>
  ) : (
    <StatusChip tone="danger" icon={<CloudOff />}>
      Not answering
    </StatusChip>
  );
}

function ChartCard() {
  const { bootstrap } = useApp();
  return (
    <Card title="OpenEMR" icon={<Hospital />} aside={<Health state={bootstrap.upstreams.openemr} />}>
      <dl className={styles["facts"]}>
        <Stat label="Address" value={<span className={styles["code"]}>{bootstrap.oidc.authority}</span>} />
        <Stat label="Clinic" value={bootstrap.clinic.name} />
        <Stat label="Time zone" value={bootstrap.clinic.timeZone} />
      </dl>
      <p className={styles["note"]}>State when this app was opened.</p>
    </Card>
  );
}
