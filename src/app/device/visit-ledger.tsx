import { CircleCheck, CircleDot, CloudOff, Download, Scissors, Send, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { HeldVisit } from "#model/recording.ts";
import { useApp } from "#app/app-context.ts";
import { PatientFacts } from "#app/clinical/patient-banner.tsx";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { useClinicTime } from "#app/clinical/use-clinic-time.ts";
import { visitPath } from "#app/clinical/visit-path.ts";
import { Timeline } from "#app/recording/timeline.tsx";
import { DiscardHeld } from "#app/recovery/discard-held.tsx";
import { useHeldActions } from "#app/recovery/use-held-actions.ts";
import { useRecording } from "#app/use-recording.ts";
import { durationWords, sizeWords } from "#app/words.ts";
import { Button, LinkButton } from "#ui/button.tsx";
import { StatusChip, type Tone } from "#ui/status-chip.tsx";
import { isAllReceived, placeOf, whyHere } from "./ledger-words.ts";
import { Pieces } from "./pieces.tsx";
import { SaveDialog } from "./save-dialog.tsx";
import styles from "./visit-ledger.module.css";

/** One visit in the ledger: its two numbers, what is missing in it, every piece, and the ways on. */
export function VisitLedger({ visit }: { visit: HeldVisit }) {
  const { bootstrap } = useApp();
  const { time, date } = useClinicTime();
  const waiting = useRecording((view) => view.waiting);
  const isRunning = useRecording(
    (view) => view.visitId === visit.visitId && view.phase !== "stopped" && view.phase !== "idle",
  );
  const place = placeOf(visit, { isRunning, waiting });
  const { patientName: name, patientBirthDate: birthDate, recordNumber } = visit;
  return (
    <article className={styles["visit"]} aria-label={`Recording of ${name}`}>
      <header className={styles["header"]}>
        <div className={styles["who"]}>
          <h2 className={styles["name"]}>{name}</h2>
          <PatientFacts patient={{ name, birthDate, recordNumber }} />
        </div>
        <StatusChip tone={place.tone} icon={icons[place.tone]}>
          {place.words}
        </StatusChip>
      </header>
      <Numbers visit={visit} />
      <p className={styles["why"]}>
        {visit.imported ? "Taken from an audio file" : "Recorded"} {date(visit.startedAt)}, {time(visit.startedAt)} ·{" "}
        {sizeWords(visit.bytesOnDevice)}. {!isRunning && whyHere(visit, bootstrap.audioRetentionDays)}
      </p>
      <Timeline gaps={visit.gaps} moments={visit.moments} />
      <Pieces visitId={visit.visitId} count={visit.chunksCut} />
      <Actions visit={visit} isRunning={isRunning} />
    </article>
  );
}

const icons: Record<Tone, ReactNode> = {
  good: <CircleCheck />,
  warn: <CloudOff />,
  danger: <CloudOff />,
  info: <Send />,
  live: <CircleDot />,
  neutral: <Scissors />,
};

/** On this device, and received by the scribe: the second fills the first. */
function Numbers({ visit }: { visit: HeldVisit }) {
  const { durableMs, receivedMs, chunksCut, chunksReceived } = visit;
  return (
    <div className={styles["numbers"]}>
      <p className={styles["number"]}>
        <strong>{durationWords(durableMs)}</strong> on this device
      </p>
      <p className={styles["number"]}>
        <strong>{durationWords(Math.min(receivedMs, durableMs))}</strong> received by the scribe
        <span className={styles["pieces"]}>
          {chunksReceived} of {chunksCut} pieces
        </span>
      </p>
      <progress
        className={isAllReceived(visit) ? `${styles["bar"]} ${styles["full"]}` : styles["bar"]}
        aria-label="Received by the scribe"
        max={Math.max(1, durableMs)}
        value={Math.min(receivedMs, durableMs)}
      />
    </div>
  );
}

function Actions({ visit, isRunning }: { visit: HeldVisit; isRunning: boolean }) {
  const actions = useHeldActions(visit.visitId);
  const [asks, setAsks] = useState<"save" | "discard" | undefined>();
  const close = () => setAsks(undefined);
  return (
    <>
      {actions.problem !== undefined && <ProblemBanner problem={actions.problem} />}
      <div className={styles["actions"]}>
        {!visit.finished && !isRunning && (
          <Button kind="primary" isPending={actions.isBusy} onPress={() => void actions.finish()}>
            Finish and send
          </Button>
        )}
        <LinkButton href={visitPath(visit.visitId, isRunning ? "recording" : undefined)}>
          {isRunning ? "Open the recording" : "Open the visit"}
        </LinkButton>
        <Button icon={<Download />} onPress={() => setAsks("save")}>
          Save audio file
        </Button>
        {!isRunning && (
          <Button kind="quiet" icon={<Trash2 />} onPress={() => setAsks("discard")}>
            Discard
          </Button>
        )}
      </div>
      <SaveDialog visit={visit} isOpen={asks === "save"} onClose={close} />
      <DiscardHeld visit={visit} actions={actions} isOpen={asks === "discard"} onClose={close} />
    </>
  );
}
