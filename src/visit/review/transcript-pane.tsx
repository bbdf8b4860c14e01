import type { EvidenceSpan } from "#model/evidence.ts";
import type { Transcript, Turn, Word } from "#model/transcript.ts";
import { EmptyState } from "#ui/empty-state.tsx";
import { join } from "#ui/join.ts";
import { MessageSquareOff } from "lucide-react";
import { useEffect, useRef } from "react";
import { isInSpans } from "./review-model.ts";
import styles from "./transcript-pane.module.css";

const speakerWords = { clinician: "Clinician", patient: "Patient", unknown: "" };

/** What was heard, turn by turn; the words behind the chosen sentence are marked and scrolled to. */
export function TranscriptPane({ transcript, spans }: { transcript: Transcript; spans: readonly EvidenceSpan[] }) {
  const pane = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const first = spans[0]?.turnId;
    if (first === undefined) return;
    const turn = pane.current?.querySelector(`[data-turn="${CSS.escape(first)}"]`);
    turn?.scrollIntoView({ block: "center", behavior: "smooth" });
  }, [spans]);
  if (transcript.turns.length === 0) {
    return (
      <EmptyState icon={<MessageSquareOff />} title="No transcript">
        This service sent a note without the words behind it.
      </EmptyState>
    );
  }
  return (
    <div ref={pane} className={styles["pane"]}>
      <ol className={styles["turns"]}>
        {transcript.turns.map((turn) => (
          <TurnRow key={turn.id} turn={turn} spans={spans} />
        ))}
      </ol>
      <p className={styles["legend"]}>
        <span className={styles["unclear"]}>Dotted words</span> were unclear to the speech engine and support nothing.
      </p>
    </div>
  );
}

function TurnRow({ turn, spans }: { turn: Turn; spans: readonly EvidenceSpan[] }) {
  const isMarked = spans.some((span) => span.turnId === turn.id);
  return (
    <li className={join(styles["turn"], isMarked && styles["chosen"])} data-turn={turn.id}>
      <span className={styles["time"]}>{turn.startMs === null ? "" : clockOf(turn.startMs)}</span>
      <p className={styles["words"]}>
        {speakerWords[turn.speaker] !== "" && <b className={styles["speaker"]}>{speakerWords[turn.speaker]}: </b>}
        {turn.words.map((word, index) => (
          <WordText key={`${turn.id}:${String(index)}`} word={word} isMarked={isInSpans(spans, turn.id, index)} />
        ))}
      </p>
    </li>
  );
}

function WordText({ word, isMarked }: { word: Word; isMarked: boolean }) {
  const text = word.unclear ? (
    <span className={styles["unclear"]} title="The speech engine was not sure of this word">
      {word.text}
      <span className="visually-hidden"> (unclear)</span>
    </span>
  ) : (
    word.text
  );
  return <>{isMarked ? <mark className={styles["mark"]}>{text}</mark> : text} </>;
}

/** Milliseconds as m:ss. */
function clockOf(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${String(Math.floor(seconds / 60))}:${String(seconds % 60).padStart(2, "0")}`;
}
