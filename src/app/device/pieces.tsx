import { ChevronRight } from "lucide-react";
import { useState } from "react";
import type { VisitId } from "#model/id.ts";
import { toProblem } from "#model/problem.ts";
import type { LedgerLine } from "#model/recording.ts";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { useWallClock } from "#app/clinical/use-wall-clock.ts";
import { useLedger } from "#app/queries.ts";
import { durationWords, sizeWords } from "#app/words.ts";
import { Button } from "#ui/button.tsx";
import { Skeleton } from "#ui/empty-state.tsx";
import { Checksum } from "./checksum.tsx";
import { Awaited, LedgerTable } from "./ledger-table.tsx";
import { stuckWords, uncutWords } from "./ledger-words.ts";
import styles from "./pieces.module.css";

/** Every piece of a recording with its checksum and its two places; read only when somebody looks. */
export function Pieces({ visitId, count }: { visitId: VisitId; count: number }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <div className={styles["pieces"]}>
      <Button
        kind="quiet"
        size="small"
        icon={<ChevronRight className={isOpen ? styles["down"] : undefined} />}
        aria-expanded={isOpen}
        onPress={() => setIsOpen(!isOpen)}
      >
        {isOpen ? "Hide the pieces" : count === 1 ? "Show the 1 piece" : `Show all ${count} pieces`}
      </Button>
      {isOpen && <Ledger visitId={visitId} />}
    </div>
  );
}

const columns = ["Piece", "Length", "Size", "Checksum (SHA-256)", "On this device", "Received by the scribe"];

function Ledger({ visitId }: { visitId: VisitId }) {
  const { data: ledger, error, refetch } = useLedger(visitId);
  const at = useWallClock();
  if (error !== null) return <ProblemBanner problem={toProblem(error)} onAction={() => void refetch()} />;
  if (ledger === undefined) return <Skeleton lines={4} label="Reading the pieces" />;
  const stuck = stuckWords(ledger.lines, at);
  const uncut = uncutWords(ledger);
  return (
    <>
      {stuck !== undefined && <p className={styles["stuck"]}>{stuck}.</p>}
      {uncut !== undefined && <p className={styles["note"]}>{uncut}</p>}
      {ledger.lines.length > 0 && (
        <LedgerTable caption="Pieces of the recording" columns={columns} className={styles["rows"]}>
          {ledger.lines.map((line) => (
            <Piece key={line.sequence} line={line} at={at} />
          ))}
        </LedgerTable>
      )}
    </>
  );
}

function Piece({ line, at }: { line: LedgerLine; at: (instantMs: number) => string }) {
  return (
    <tr>
      <th scope="row">{line.sequence + 1}</th>
      <td data-label="Length">{durationWords(line.durationMs)}</td>
      <td data-label="Size">{sizeWords(line.sizeBytes)}</td>
      <td data-label="Checksum">
        <Checksum sha256={line.sha256} of={`piece ${line.sequence + 1}`} />
      </td>
      <td data-label="On this device">{at(line.cutAt)}</td>
      <td data-label="Received by the scribe">
        <Awaited isDone={line.receivedAt !== null}>
          {line.receivedAt === null ? "Not yet" : at(Date.parse(line.receivedAt))}
        </Awaited>
      </td>
    </tr>
  );
}
