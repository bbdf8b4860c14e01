import { FileX2 } from "lucide-react";
import { useState } from "react";
import type { DeletionReceipt } from "#model/recording.ts";
import { useClinicTime } from "#app/clinical/use-clinic-time.ts";
import { useReceipts } from "#app/queries.ts";
import { Button } from "#ui/button.tsx";
import { Card } from "#ui/card.tsx";
import { Checksum } from "./checksum.tsx";
import { Awaited, LedgerTable } from "./ledger-table.tsx";
import { lengthWords, reasonWords, shortVisit, toldWords } from "./erased-words.ts";
import styles from "./erased-card.module.css";

const newestShown = 10;
const columns = ["Erased", "Why", "Recorded", "Length", "Visit", "Clinic server", "Checksum of all pieces"];

/** Deletion receipts: that audio was here, how much of it, and when and why it went. Nothing erased lately: nothing is said. */
export function ErasedCard() {
  const { data: receipts = [] } = useReceipts();
  const [isWhole, setIsWhole] = useState(false);
  if (receipts.length === 0) return null;
  return (
    <Card title="Erased from this device" icon={<FileX2 />}>
      <p className={styles["text"]}>
        What is left of a recording after its audio is gone: no name and no sound. Kept for 90 days, then it goes too.
      </p>
      <LedgerTable caption="Deletion receipts, newest first" columns={columns} className={styles["receipts"]}>
        {receipts.slice(0, isWhole ? receipts.length : newestShown).map((receipt) => (
          <Receipt key={receipt.visitId} receipt={receipt} />
        ))}
      </LedgerTable>
      {receipts.length > newestShown && !isWhole && (
        <div className={styles["more"]}>
          <Button kind="quiet" size="small" onPress={() => setIsWhole(true)}>
            Show all {receipts.length}
          </Button>
        </div>
      )}
    </Card>
  );
}

function Receipt({ receipt }: { receipt: DeletionReceipt }) {
  const { time, date } = useClinicTime();
  const at = (instantMs: number) => `${date(instantMs)}, ${time(instantMs)}`;
  const { visitId, startedAt, sha256, reason, isTold } = receipt;
  return (
    <tr>
      <th scope="row">{at(receipt.at)}</th>
      <td>{reasonWords[reason]}</td>
      <td data-label="Recorded">{startedAt === null ? "Not known" : at(startedAt)}</td>
      <td data-label="Length">{lengthWords(receipt)}</td>
      <td data-label="Visit">
        <code>{shortVisit(visitId)}</code>
      </td>
      <td data-label="Clinic server">
        <Awaited isDone={isTold}>{toldWords(receipt)}</Awaited>
      </td>
      <td data-label="Checksum of all pieces">
        {sha256 === null ? "Not known" : <Checksum sha256={sha256} of={`visit ${shortVisit(visitId)}`} />}
      </td>
    </tr>
  );
}
