/**
 * The last moment before recording. In: an appointment or a walk-in; out: a recording that has started, with the consent
 * that allows it. Answers are kept in this screen only: a reload asks again, since nothing has begun.
 */
import { CircleDot, UserRoundX } from "lucide-react";
import { useCallback, useState } from "react";
import { Navigate, useParams } from "react-router-dom";
import { useApp } from "#app/app-context.ts";
import { ConsentCard } from "#app/before-visit/consent-card.tsx";
import { type ConsentForm, emptyConsent, obstacleOf, toConsent, toRefusal } from "#app/before-visit/consent-form.ts";
import { ImportCard } from "#app/before-visit/import-card.tsx";
import { MicrophoneCard } from "#app/before-visit/microphone-card.tsx";
import { type PlannedVisit, usePlannedVisit } from "#app/before-visit/planned-visit.ts";
import { Refused } from "#app/before-visit/refused.tsx";
import { ReadinessCard } from "#app/before-visit/readiness-card.tsx";
import { RoomBanner } from "#app/before-visit/room-banner.tsx";
import { type Room, roomObstacle } from "#app/before-visit/room-words.ts";
import { useMicrophone } from "#app/before-visit/use-microphone.ts";
import { useRoom } from "#app/before-visit/use-room.ts";
import { type Start, useStart } from "#app/before-visit/use-start.ts";
import { PatientBanner } from "#app/clinical/patient-banner.tsx";
import { visitPath } from "#app/clinical/visit-path.ts";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { usePageTitle } from "#app/shell/use-page-title.ts";
import { useShortcut } from "#app/shell/use-shortcut.ts";
import { useRecording } from "#app/use-recording.ts";
import { Button, LinkButton } from "#ui/button.tsx";
import { EmptyState, Skeleton } from "#ui/empty-state.tsx";
import { Kbd } from "#ui/kbd.tsx";
import { PageHeader } from "#ui/page-header.tsx";
import styles from "./before-visit.module.css";

export function BeforeVisitPage() {
  usePageTitle("Before the visit");
  const planned = usePlannedVisit(useParams()["appointmentId"] ?? "");
  if (planned.kind === "loading") return <Skeleton lines={6} label="Loading the appointment" />;
  if (planned.kind === "unknown") return <UnknownVisit />;
  if (planned.kind === "begun") return <Navigate to={visitPath(planned.visitId)} replace />;
  if (planned.kind === "failed") return <ProblemBanner problem={planned.problem} onAction={planned.again} />;
  return <Ready planned={planned.visit} />;
}

function UnknownVisit() {
  return (
    <EmptyState
      icon={<UserRoundX />}
      title="Choose the patient again"
      action={
        <LinkButton kind="primary" href="/worklist">
          Go to the worklist
        </LinkButton>
      }
    >
      This page was reloaded, the appointment is not on today's list, or OpenEMR did not say whose page was open.
      Nothing was recorded.
    </EmptyState>
  );
}

function Ready({ planned }: { planned: PlannedVisit }) {
  const [form, setForm] = useState(emptyConsent);
  const microphone = useMicrophone();
  const { room, retry } = useRoom();
  const start = useStart(planned, microphone);
  const { bootstrap } = useApp();
  const refusal = toRefusal(form, bootstrap.consent.textVersion);
  return (
    <>
      <PatientBanner patient={planned.patient}>
        <LinkButton kind="quiet" href="/worklist">
          Not this patient?
        </LinkButton>
      </PatientBanner>
      <PageHeader title="Before the visit">
        <p>{whatFor(planned)}</p>
      </PageHeader>
      <RoomBanner room={room} onRetry={retry} />
      <div className={styles["columns"]}>
        <ConsentCard
          form={form}
          onChange={setForm}
          refused={refusal !== undefined && <Refused planned={planned} refusal={refusal} />}
        />
        <div className={styles["column"]}>
          {!isUnsupported(room) && <MicrophoneCard check={microphone} />}
          <ReadinessCard room={room} />
          <ImportCard
            planned={planned}
            consent={toConsent(form, bootstrap.consent.textVersion)}
            obstacle={roomObstacle(room)}
          />
        </div>
      </div>
      {start.problem !== undefined && <ProblemBanner problem={start.problem} />}
      <StartBar form={form} start={start} room={room} />
    </>
  );
}

function whatFor({ startTime, reason, encounterId }: PlannedVisit): string {
  const words = reason === "" ? "No reason given" : reason;
  const what = startTime === null ? words : `${startTime.slice(0, 5)} · ${words}`;
  return encounterId === undefined ? what : `${what} · the note goes into the encounter that is open in OpenEMR`;
}

/** Nothing that a person could mend: the banner says which browser can. */
function isUnsupported(room: Room): boolean {
  return room.kind === "refused" && room.code === "recorder_unsupported";
}

const busyWords = "Another visit is being recorded. Stop it first.";

/** What this device cannot do comes first: no answer of the patient changes it. */
function obstacleTo(form: ConsentForm, room: Room): string | undefined {
  return room.kind === "refused" ? roomObstacle(room) : (obstacleOf(form) ?? roomObstacle(room));
}

/** The button, and beside it why it cannot be pressed yet. */
function StartBar({ form, start, room }: { form: ConsentForm; start: Start; room: Room }) {
  const { bootstrap } = useApp();
  const isBusy = useRecording((view) => view.phase === "recording" || view.phase === "paused");
  const consent = toConsent(form, bootstrap.consent.textVersion);
  const obstacle = isBusy ? busyWords : obstacleTo(form, room);
  const { run, isStarting } = start;
  const canStart = consent !== undefined && obstacle === undefined && !isStarting;
  const go = useCallback(() => {
    if (canStart) run(consent);
  }, [canStart, consent, run]);
  useShortcut("KeyR", go);
  return (
    <div className={styles["start"]}>
      <p className={styles["obstacle"]} id="start-obstacle">
        {obstacle ?? "Consent is noted. Recording starts at once."}
      </p>
      <Kbd keys={["Alt", "Shift", "R"]} />
      <Button
        kind="primary"
        size="giant"
        icon={<CircleDot />}
        isDisabled={!canStart && !isStarting}
        isPending={isStarting}
        onPress={go}
        aria-describedby="start-obstacle"
      >
        Start recording
      </Button>
    </div>
  );
}
