import type { ProblemCode } from "#model/problem.ts";
import type { DocumentView } from "#protocol/bff-filing.ts";
import { Clock, FileCheck2, FileUp, FileX2, RefreshCw } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "#ui/button.tsx";
import { Card } from "#ui/card.tsx";
import { StatusChip, type Tone } from "#ui/status-chip.tsx";
import styles from "./document-lines.module.css";

type DocumentLinesProps = {
  documents: readonly DocumentView[];
  /** One sentence for what is in the way. */
  wordsOf: (code: ProblemCode) => string;
  timeOf: (iso: string) => string;
  onRetry: () => void;
  isRetrying: boolean;
};

const names: Record<DocumentView["kind"], string> = {
  note: "The signed note as PDF",
  summary: "The patient’s summary as PDF",
};

/** What else goes into OpenEMR once the note is filed. In the chart is said only after OpenEMR's own list showed it. */
export function DocumentLines({ documents, wordsOf, timeOf, onRetry, isRetrying }: DocumentLinesProps) {
  if (documents.length === 0) return null;
  const isStuck = documents.some(({ state, problem }) => state === "failed" || problem !== null);
  return (
    <Card
      title="Documents in OpenEMR"
      aside={
        isStuck && (
          <Button size="small" icon={<RefreshCw />} onPress={onRetry} isPending={isRetrying}>
            Try now
          </Button>
        )
      }
    >
      <ul className={styles["lines"]}>
        {documents.map((document) => (
          <li key={document.kind} className={styles["line"]}>
            <span className={styles["what"]}>
              <span className={styles["name"]}>{names[document.kind]}</span>
              <span className={styles["told"]}>{toldOf(document, { wordsOf, timeOf })}</span>
            </span>
            <StatusChip tone={looks[document.state].tone} icon={looks[document.state].icon}>
              {looks[document.state].words}
            </StatusChip>
          </li>
        ))}
      </ul>
    </Card>
  );
}

const looks: Record<DocumentView["state"], { words: string; tone: Tone; icon: ReactNode }> = {
  waiting: { words: "Waiting", tone: "neutral", icon: <Clock /> },
  filing: { words: "Uploading", tone: "info", icon: <FileUp /> },
  verified: { words: "In the chart", tone: "good", icon: <FileCheck2 /> },
  failed: { words: "Not filed", tone: "danger", icon: <FileX2 /> },
};

function toldOf(
  { state, documentId, verifiedAt, problem }: DocumentView,
  { wordsOf, timeOf }: Pick<DocumentLinesProps, "wordsOf" | "timeOf">,
): string {
  if (state === "verified") {
    return `Document ${documentId ?? ""}, found again in OpenEMR’s list ${verifiedAt === null ? "" : timeOf(verifiedAt)}`;
  }
  if (problem === null) return "It is uploaded, and then looked for in OpenEMR’s list.";
  if (problem.field === "document") {
    return "OpenEMR took it and shows it nowhere. An administrator can see whether its category of documents exists.";
  }
  return wordsOf(problem.code);
}
