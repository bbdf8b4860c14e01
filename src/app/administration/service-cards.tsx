import { CircleCheck, CloudOff, Hospital, Server } from "lucide-react";
import { toProblem } from "#model/problem.ts";
import type { ServiceView } from "#protocol/bff-services.ts";
import { useApp } from "#app/app-context.ts";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { useServices } from "#app/queries.ts";
import { Card, Stat } from "#ui/card.tsx";
import { Skeleton } from "#ui/empty-state.tsx";
import { StatusChip } from "#ui/status-chip.tsx";
import styles from "./administration.module.css";

/** Every service with its health, as discovered, not as configured. */
export function ServiceCards() {
  const { data, error, refetch } = useServices();
  if (data === undefined) {
    return error === null ? (
      <Skeleton label="Loading the services" />
    ) : (
      <ProblemBanner problem={toProblem(error)} onAction={() => void refetch()} />
    );
  }
  return (
    <div className={styles["cards"]}>
      {data.services.map((service) => (
        <ServiceCard key={service.id} service={service} />
      ))}
      <ChartCard />
    </div>
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

function ServiceCard({ service }: { service: ServiceView }) {
  return (
    <Card title={service.name} icon={<Server />} aside={<Health state={service.state} />}>
      <dl className={styles["facts"]}>
        <Stat label="Protocol" value={service.protocol} />
        <Stat label="Address" value={<span className={styles["code"]}>{service.url}</span>} />
        <Stat label="Model" value={service.model ?? "Not told"} />
        <Stat label="Speech engine" value={service.speechEngine ?? "Not told"} />
        <Stat label="Note writer" value={service.noteWriter ?? "Not told"} />
        <Stat
          label="Longest piece of audio"
          value={service.maxChunkSeconds === null ? "Not told" : `${service.maxChunkSeconds} s`}
        />
        <Stat label="Audio formats" value={service.audioFormats.join(", ") || "Not told"} />
      </dl>
    </Card>
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
