/**
 * Codes that the clinic's code service suggests for the note. In: what it found so far, and the assessment as it stands. Out: the wish
 * to ask, and lines for the assessment. A code is in the note only where a person has accepted it.
 */
import type { CodeSuggestion, CodeSuggestions } from "#model/code-suggestion.ts";
import { codeLine, hasLine } from "#model/code-suggestion.ts";
import type { Problem } from "#model/problem.ts";
import type { CodesJob, CodesView } from "#protocol/bff-codes.ts";
import { Banner } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { Card } from "#ui/card.tsx";
import { StatusChip } from "#ui/status-chip.tsx";
import { CircleCheck, LoaderCircle, Plus, Tags, Undo2 } from "lucide-react";
import type { ReactNode } from "react";
import styles from "./codes-card.module.css";
import { confidenceWords } from "./confidence-words.ts";

export type CodesCardProps = {
  view: CodesView;
  /** The assessment under the person's hands. */
  assessment: string;
  /** Asks for the note as it stands; it is saved first. */
  onAsk: () => void;
  isAsking: boolean;
  /** Why asking did not work, beside what a job says. */
  askProblem: Problem | null;
  /** A problem in its words, with trying again where that may help. */
  renderProblem: (problem: Problem, onRetry: () => void) => ReactNode;
  onAccept: (line: string) => void;
  onUndo: (line: string) => void;
  /** A note that another window has changed takes no codes. */
  isLocked: boolean;
};

export function CodesCard(props: CodesCardProps) {
  const { view, onAsk, askProblem, renderProblem } = props;
  const { job } = view;
  if (!view.isOffered && job === null) return null;
  return (
    <Card title="Diagnosis codes" icon={<Tags />} aside={<JobChip job={job} />}>
      <div className={styles["card"]}>
        {askProblem !== null && renderProblem(askProblem, onAsk)}
        <JobBody {...props} job={job} />
      </div>
    </Card>
  );
}

function JobBody({ job, ...props }: CodesCardProps & { job: CodesJob | null }) {
  if (job === null) return <Offer onAsk={props.onAsk} isAsking={props.isAsking} />;
  if (job.state === "running") return <Running job={job} />;
  if (job.problem !== null) return props.renderProblem(job.problem, props.onAsk);
  return job.result === null ? null : <Found {...props} job={job} result={job.result} />;
}

function Offer({ onAsk, isAsking }: Pick<CodesCardProps, "onAsk" | "isAsking">) {
  return (
    <>
      <p className={styles["lead"]}>
        ICD-10 codes can be suggested for this note. Its text goes to the clinic’s code service; the patient is named
        there by an id only. Nothing is added until you accept it.
      </p>
      <div>
        <Button icon={<Tags />} onPress={onAsk} isPending={isAsking}>
          Suggest codes
        </Button>
      </div>
    </>
  );
}

function JobChip({ job }: { job: CodesJob | null }) {
  if (job?.state === "running") {
    return (
      <StatusChip tone="info" icon={<LoaderCircle />}>
        Looking for codes
      </StatusChip>
    );
  }
  if (job?.state === "done") return <span className={styles["faint"]}>Suggestions by Codify</span>;
  return null;
}

function Running({ job }: { job: CodesJob }) {
  return (
    <p className={styles["lead"]}>
      This can take some minutes. Go on with the note, or leave this page: the codes appear here by themselves.
      {job.asks > 1 && " The clinic server was restarted meanwhile and has asked again, so it takes longer than usual."}
    </p>
  );
}

type FoundProps = CodesCardProps & { job: CodesJob; result: CodeSuggestions };

function Found({ job, result, onAsk, isAsking, ...props }: FoundProps) {
  return (
    <>
      {!job.isCurrent && (
        <Banner
          tone="info"
          title="The note has changed since"
          action={
            <Button size="small" onPress={onAsk} isPending={isAsking} isDisabled={props.isLocked}>
              Suggest again
            </Button>
          }
        >
          These codes are for the text before your last changes.
        </Banner>
      )}
      {result.suggested.length === 0 ? (
        <p className={styles["lead"]}>No code was suggested for this text.</p>
      ) : (
        <>
          <p className={styles["lead"]}>
            Not added until you accept. An accepted code becomes a line of the Assessment.
          </p>
          <ul className={styles["list"]}>
            {result.suggested.map((suggestion) => (
              <Suggestion key={suggestion.code} suggestion={suggestion} {...props} />
            ))}
          </ul>
        </>
      )}
      <Discarded discarded={result.discarded} />
    </>
  );
}

type SuggestionProps = Pick<CodesCardProps, "assessment" | "onAccept" | "onUndo" | "isLocked"> & {
  suggestion: CodeSuggestion;
};

function Suggestion({ suggestion, assessment, onAccept, onUndo, isLocked }: SuggestionProps) {
  const line = codeLine(suggestion);
  const isAccepted = hasLine(assessment, line);
  return (
    <li className={styles["item"]}>
      <div className={styles["head"]}>
        <Words suggestion={suggestion} />
        <div className={styles["act"]}>
          {isAccepted && (
            <StatusChip tone="good" icon={<CircleCheck />}>
              In the Assessment
            </StatusChip>
          )}
          <Button
            size="small"
            icon={isAccepted ? <Undo2 /> : <Plus />}
            aria-label={`${isAccepted ? "Undo" : "Accept"} ${suggestion.code}`}
            isDisabled={isLocked}
            onPress={() => (isAccepted ? onUndo(line) : onAccept(line))}
          >
            {isAccepted ? "Undo" : "Accept"}
          </Button>
        </div>
      </div>
    </li>
  );
}

function Words({ suggestion }: { suggestion: CodeSuggestion }) {
  const { code, description, justification, confidence } = suggestion;
  return (
    <div className={styles["words"]}>
      <p className={styles["title"]}>
        <span className={styles["code"]}>{code}</span> {description}
      </p>
      {justification !== "" && <p className={styles["why"]}>{justification}</p>}
      <p className={styles["faint"]}>{confidenceWords(confidence)}</p>
    </div>
  );
}

function Discarded({ discarded }: { discarded: readonly CodeSuggestion[] }) {
  if (discarded.length === 0) return null;
  return (
    <details className={styles["discarded"]}>
      <summary>{discarded.length === 1 ? "1 code left out" : `${String(discarded.length)} codes left out`}</summary>
      <ul className={styles["list"]}>
        {discarded.map((suggestion) => (
          <li key={suggestion.code} className={styles["item"]}>
            <Words suggestion={suggestion} />
          </li>
        ))}
      </ul>
    </details>
  );
}
