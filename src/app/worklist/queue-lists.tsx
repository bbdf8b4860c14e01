import { CircleCheck, Send } from "lucide-react";
import { useState } from "react";
import type { HeldVisit } from "#model/recording.ts";
import type { VisitView } from "#protocol/bff.ts";
import { PatientFacts } from "#app/clinical/patient-banner.tsx";
import { visitPath } from "#app/clinical/visit-path.ts";
import { DiscardHeld } from "#app/recovery/discard-held.tsx";
import { useHeldActions } from "#app/recovery/use-held-actions.ts";
import { useRecording, useVisitSession } from "#app/use-recording.ts";
import { durationWords } from "#app/words.ts";
import { Button, LinkButton } from "#ui/button.tsx";
import { Card } from "#ui/card.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import styles from "./rows.module.css";
import { VisitRows } from "./visit-row.tsx";

/** Visits of a queue, each leading to where it goes on. */
export function DraftsList({ label, visits }: { label: string; visits: readonly VisitView[] }) {
  return (
    <Card isFlush>
      {visits.length === 0 ? (
        <EmptyState icon={<CircleCheck />} title="Nothing here">
          Nothing waits for you in this queue.
        </EmptyState>
      ) : (
        <VisitRows label={label} visits={visits} />
      )}
    </Card>
  );
}

/** Recordings that this device still has to send. */
export function WaitingList({ visits }: { visits: readonly HeldVisit[] }) {
  const session = useVisitSession();
  return (
    <Card
      isFlush
      {...(visits.length === 0
        ? {}
        : {
            title: "Not yet received by the scribe",
            aside: (
              <Button size="small" icon={<Send />} onPress={() => session.sendNow()}>
                Send now
              </Button>
            ),
          })}
    >
      {visits.length === 0 ? (
        <EmptyState icon={<CircleCheck />} title="Everything is sent">
          This device holds no audio of yours that the scribe does not have.
        </EmptyState>
      ) : (
        visits.map((visit) => <WaitingRow key={visit.visitId} visit={visit} />)
      )}
    </Card>
  );
}

function WaitingRow({ visit }: { visit: HeldVisit }) {
  const actions = useHeldActions(visit.visitId);
  const isRunning = useRecording((view) => view.visitId === visit.visitId && view.phase !== "stopped");
  const [isDiscarding, setIsDiscarding] = useState(false);
  return (
    <div className={styles["row"]}>
      <p className={styles["time"]}>
        {durationWords(visit.durableMs)}
        <span className={styles["minutes"]}>recorded</span>
      </p>
      <div className={styles["patient"]}>
        <p className={styles["name"]}>{visit.patientName}</p>
        <PatientFacts
          patient={{ name: visit.patientName, birthDate: visit.patientBirthDate, recordNumber: visit.recordNumber }}
        />
      </div>
      <p className={styles["reason"]}>
        {visit.finished ? "Stopped" : "Cut off"}: {durationWords(visit.receivedMs)} received by the scribe,{" "}
        {visit.chunksReceived} of {visit.chunksCut} pieces
      </p>
      <div className={`${styles["action"]} ${styles["wideAction"]}`}>
        {!visit.finished && !isRunning && (
          <Button onPress={() => void actions.finish()} isPending={actions.isBusy}>
            Finish and send
          </Button>
        )}
        {isRunning ? (
          <LinkButton href={visitPath(visit.visitId, "recording")}>Open recording</LinkButton>
        ) : (
          <Button kind="quiet" onPress={() => setIsDiscarding(true)}>
            Discard
          </Button>
        )}
      </div>
      <DiscardHeld visit={visit} actions={actions} isOpen={isDiscarding} onClose={() => setIsDiscarding(false)} />
    </div>
  );
}
