import { Check, FileX2, Hourglass } from "lucide-react";
import { useState } from "react";
import type { DeletionReceipt } from "#model/recording.ts";
import { useClinicTime } from "#app/clinical/use-clinic-time.ts";
import { useReceipts } from "#app/queries.ts";
import { Button } from "#ui/button.tsx";
import { Card } from "#ui/card.tsx";
import { Checksum } from "./checksum.tsx";
import { lengthWords, reasonWords, shortVisit, toldWords } from "./erased-words.ts";
import styles from "./erased-card.module.css";

const newestShown = 10;

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
      <div className={styles["scroll"]}>
        <table className={styles["table"]}>
          <caption className="visually-hidden">Deletion receipts, newest first</caption>
          <thead>
            <tr>
              <th scope="col">Erased</th>
              <th scope="col">Why</th>
              <th scope="col">Recorded</th>
              <th scope="col">Length</th>
              <th scope="col">Visit</th>
              <th scope="col">Clinic server</th>
              <th scope="col">Checksum of all pieces</th>
            </tr>
          </thead>
          <tbody>
            {receipts.slice(0, isWhole ? receipts.length : newestShown).map((receipt) => (
              <Receipt key={receipt.visitId} receipt={receipt} />
            ))}
          </tbody>
        </table>
      </div>
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
        <span className={isTold ? styles["told"] : styles["untold"]}>
          {isTold ? <Check aria-hidden="true" /> : <Hourglass aria-hidden="true" />} {toldWords(receipt)}
        </span>
      </td>
      <td data-label="Checksum of all pieces">
        {sha256 === null ? "Not known" : <Checksum sha256={sha256} of={`visit ${shortVisit(visitId)}`} />}
      </td>
    </tr>
  );
}
