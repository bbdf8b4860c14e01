import { ScrollText, ShieldAlert, ShieldCheck } from "lucide-react";
import type { z } from "zod";
import { timeIn, dateIn } from "#model/clock.ts";
import { toProblem } from "#model/problem.ts";
import type { AuditRow } from "#protocol/bff.ts";
import { useApp } from "#app/app-context.ts";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { useAudit } from "#app/queries.ts";
import { Button } from "#ui/button.tsx";
import { Card } from "#ui/card.tsx";
import { EmptyState, Skeleton } from "#ui/empty-state.tsx";
import { StatusChip, type Tone } from "#ui/status-chip.tsx";
import styles from "./administration.module.css";

type Row = z.infer<typeof AuditRow>;

/** Newest first; ids only, no names. The mark says whether the chain of hashes still holds. */
export function AuditTable() {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useAudit();
  if (data === undefined) {
    return error === null ? (
      <Skeleton lines={8} label="Loading the audit trail" />
    ) : (
      <ProblemBanner problem={toProblem(error)} onAction={() => void refetch()} />
    );
  }
  const rows = data.pages.flatMap((page) => page.rows);
  const isIntact = data.pages.every((page) => page.intact);
  return (
    <Card isFlush title="Audit trail" icon={<ScrollText />} aside={<Intact isIntact={isIntact} />}>
      {rows.length === 0 ? (
        <EmptyState icon={<ScrollText />} title="Nothing recorded yet">
          Every access to patient data appears here.
        </EmptyState>
      ) : (
        <div className={styles["scroll"]}>
          <AuditRows rows={rows} />
        </div>
      )}
      {hasNextPage && (
        <div className={styles["more"]}>
          <Button isPending={isFetchingNextPage} onPress={() => void fetchNextPage()}>
            Show older
          </Button>
        </div>
      )}
    </Card>
  );
}

function Intact({ isIntact }: { isIntact: boolean }) {
  return isIntact ? (
    <StatusChip tone="good" icon={<ShieldCheck />}>
      Chain intact
    </StatusChip>
  ) : (
    <StatusChip tone="danger" icon={<ShieldAlert />}>
      Chain broken: rows were changed
    </StatusChip>
  );
}

const actionWords: Record<Row["action"], string> = { C: "Create", R: "Read", U: "Change", D: "Delete", E: "Do" };
const outcomes: Record<Row["outcome"], { tone: Tone; words: string }> = {
  ok: { tone: "neutral", words: "Done" },
  refused: { tone: "warn", words: "Refused" },
  failed: { tone: "danger", words: "Failed" },
};

function AuditRows({ rows }: { rows: readonly Row[] }) {
  const { bootstrap } = useApp();
  const zone = bootstrap.clinic.timeZone;
  return (
    <table className={styles["table"]}>
      <thead>
        <tr>
          {["No.", "When", "Who", "Role", "Action", "What", "Patient", "Outcome"].map((title) => (
            <th key={title} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.seq}>
            <td className={styles["figure"]}>{row.seq}</td>
            <td className={styles["figure"]}>
              {dateIn(zone, Date.parse(row.at))} {timeIn(zone, Date.parse(row.at))}
            </td>
            <td className={styles["code"]}>{row.actor}</td>
            <td>{row.role.replaceAll("_", " ")}</td>
            <td>{actionWords[row.action]}</td>
            <td>{row.object}</td>
            <td className={styles["code"]}>{row.patient ?? "none"}</td>
            <td>
              <StatusChip tone={outcomes[row.outcome].tone}>{outcomes[row.outcome].words}</StatusChip>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
