/** One scribe service: how it is, what it said about itself, and what went wrong lately. */
import { CircleCheck, CloudOff, RotateCw, Server, TriangleAlert } from "lucide-react";
import type { ServiceReport, ServiceView } from "#protocol/bff-services.ts";
import { useClinicTime } from "#app/clinical/use-clinic-time.ts";
import { problemWords } from "#app/problem-words.ts";
import { useNow } from "#app/shell/use-now.ts";
import { Card, Stat } from "#ui/card.tsx";
import { StatusChip } from "#ui/status-chip.tsx";
import styles from "./administration.module.css";
import { answeredOf, breakerOf, doingWords, factsOf, groupedFailures, healthOf } from "./service-words.ts";

const icons = { good: <CircleCheck />, warn: <RotateCw />, danger: <CloudOff /> };

type ScribeCardProps = { service: ServiceView; report: ServiceReport | undefined; place: number; count: number };

export function ScribeCard({ service, report, place, count }: ScribeCardProps) {
  const { tone, words } = healthOf(service);
  const now = useNow(30_000);
  return (
    <Card
      title={service.name}
      icon={<Server />}
      aside={
        <StatusChip tone={tone} icon={icons[tone as keyof typeof icons]}>
          {words}
        </StatusChip>
      }
    >
      <p className={styles["lead"]}>
        {count > 1 && <strong>{place === 0 ? "First choice" : `Choice ${place + 1}`}</strong>}
        <span>{service.protocol}</span>
        <span className={styles["code"]}>{service.url}</span>
        {report !== undefined && <span>{answeredOf(report, now)}</span>}
      </p>
      <Facts service={service} />
      {report !== undefined && <Failures report={report} />}
    </Card>
  );
}

function Facts({ service }: { service: ServiceView }) {
  const { told, untold } = factsOf(service);
  return (
    <>
      <dl className={styles["facts"]}>
        <Stat label="Circuit breaker" value={breakerOf(service)} />
        {told.map(({ label, value }) => (
          <Stat key={label} label={label} value={value} />
        ))}
      </dl>
      {untold.length > 0 && (
        <p className={styles["note"]}>
          {told.length === 0 ? "What it can do is shown when it answers." : `Not told: ${untold.join(", ")}.`}
        </p>
      )}
    </>
  );
}

const shownFailures = 5;

function Failures({ report }: { report: ServiceReport }) {
  const { time } = useClinicTime();
  const groups = groupedFailures(report.failures);
  if (report.failures.length === 0) {
    return <p className={styles["note"]}>No failure so far.</p>;
  }
  return (
    <section className={styles["failures"]}>
      <h3 className={styles["heading"]}>
        <TriangleAlert aria-hidden="true" /> Last failures
      </h3>
      <ul>
        {groups.slice(0, shownFailures).map(({ at, since, count, doing, code, detail }) => (
          <li key={`${at} ${doing}`}>
            <span className={styles["figure"]}>{time(Date.parse(at))}</span>
            <span>
              {doingWords[doing]}: {problemWords(code).title}
              {count > 1 && `, ${count} times since ${time(Date.parse(since))}`}
              <span className={styles["code"]}>
                {code}
                {detail === null ? "" : ` (${detail})`}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
