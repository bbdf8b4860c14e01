import { useQuery } from "@tanstack/react-query";
import { ShieldCheck, TriangleAlert } from "lucide-react";
import type { HeldVisit } from "#model/recording.ts";
import { useApp } from "#app/app-context.ts";
import { useVisitSession } from "#app/use-recording.ts";
import type { LockedVisit } from "#app/vault-port.ts";
import { useWorkstation } from "#app/use-workstation.ts";
import { durationWords, sizeWords } from "#app/words.ts";
import { Card, Stat } from "#ui/card.tsx";
import { StatusChip } from "#ui/status-chip.tsx";
import { totalsOf } from "./ledger-words.ts";
import styles from "./storage-card.module.css";

/** How much is kept here, how much of it is nowhere else, and whether the browser promises to keep it. */
export function StorageCard({ held, locked }: { held: readonly HeldVisit[]; locked: readonly LockedVisit[] }) {
  const visits = useVisitSession();
  const { bootstrap } = useApp();
  const workstation = useWorkstation();
  const { data: storage } = useQuery({ queryKey: ["storage"], queryFn: () => visits.storage(), staleTime: 30_000 });
  const totals = totalsOf(held);
  const bytes = totals.bytes + locked.reduce((sum, visit) => sum + visit.bytesOnDevice, 0);
  return (
    <Card
      title={workstation?.name ?? "This device"}
      aside={storage !== undefined && <Persistence isPromised={storage.persisted} />}
    >
      <dl className={styles["facts"]}>
        <Stat label="Recordings kept here" value={totals.visits + locked.length} />
        <Stat
          label="Not yet received by the scribe"
          value={durationWords(totals.unsentMs)}
          {...(totals.unsentMs >= 1000 ? { tone: "warn" as const } : {})}
        />
        <Stat label="Space used" value={sizeWords(bytes)} />
        <Stat
          label="Space left, says the browser"
          value={storage === undefined ? "…" : sizeWords(storage.usableBytes)}
        />
        <Stat label="Audio kept after signing" value={daysWords(bootstrap.audioRetentionDays)} />
      </dl>
      {storage?.persisted === false && (
        <p className={styles["note"]}>
          This browser does not promise to keep files when the disk runs full. Audio is sent as soon as it can be; do
          not clear this site's browsing data while recordings are listed here.
        </p>
      )}
    </Card>
  );
}

function Persistence({ isPromised }: { isPromised: boolean }) {
  return isPromised ? (
    <StatusChip tone="good" icon={<ShieldCheck />}>
      Persistent storage
    </StatusChip>
  ) : (
    <StatusChip tone="warn" icon={<TriangleAlert />}>
      Storage not persistent
    </StatusChip>
  );
}

function daysWords(days: number): string {
  if (days === 0) return "Erased at once";
  return days === 1 ? "1 day" : `${days} days`;
}
