/**
 * From Stop to a draft. In: the visit at the clinic server and this device's tally; out: the way to the draft, or a failure
 * in words with one action. Nothing depends on this screen: it may be closed at any time.
 */
import { CircleSlash, FileText } from "lucide-react";
import type { VisitId } from "#model/id.ts";
import { toProblem } from "#model/problem.ts";
import type { HeldVisit } from "#model/recording.ts";
import type { VisitState } from "#model/visit.ts";
import type { VisitView } from "#protocol/bff.ts";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useApp } from "#app/app-context.ts";
import { AudioElsewhere } from "#app/clinical/audio-elsewhere.tsx";
import { PatientBanner } from "#app/clinical/patient-banner.tsx";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { isInTrouble } from "#app/clinical/elsewhere.ts";
import { SendElsewhere } from "#app/clinical/send-elsewhere.tsx";
import { StateChip } from "#app/clinical/state-chip.tsx";
import { screenOf, visitPath } from "#app/clinical/visit-path.ts";
import { LockedVisitScreen } from "#app/device/locked-visits.tsx";
import { keepVisit } from "#app/events.ts";
import { useHeld, useLockedVisit, useVisit } from "#app/queries.ts";
import { useVisitPatient } from "#app/recording/visit-patient.ts";
import { useNow } from "#app/shell/use-now.ts";
import { usePageTitle } from "#app/shell/use-page-title.ts";
import { useVisitId } from "#app/shell/use-visit-id.ts";
import { useRecording, useVisitSession } from "#app/use-recording.ts";
import { Banner } from "#ui/banner.tsx";
import { LinkButton } from "#ui/button.tsx";
import { Card } from "#ui/card.tsx";
import { EmptyState, Skeleton } from "#ui/empty-state.tsx";
import { PageHeader } from "#ui/page-header.tsx";
import { ProgressPanel } from "#visit/progress/progress-panel.tsx";
import styles from "./processing.module.css";

export function ProcessingPage() {
  usePageTitle("Processing");
  const id = useVisitId();
  const patient = useVisitPatient(id);
  const { data: visit, error, isPending } = useVisit(id);
  const { data: held = [], isPending: isLooking } = useHeld();
  const locked = useLockedVisit(id);
  const local = held.find((candidate) => candidate.visitId === id);
  if (visit === undefined && local === undefined) {
    if (locked !== undefined) return <LockedVisitScreen locked={locked} />;
    if (isPending || isLooking) return <Skeleton label="Loading the visit" />;
    return <ProblemBanner problem={toProblem(error)} />;
  }
  return (
    <>
      {patient !== undefined && (
        <PatientBanner patient={patient}>
          {visit !== undefined && <StateChip state={stateHere(visit, local)} />}
        </PatientBanner>
      )}
      {isOver(visit) ? <Over visit={visit} /> : <Progress id={id} visit={visit} />}
    </>
  );
}

/** The clinic server hears of the end of a recording when it has all of it; this device knows at once. */
function stateHere({ state }: VisitView, local: HeldVisit | undefined): VisitState {
  return local?.finished === true && screenOf(state) === "recording" ? "saving" : state;
}

function isOver(visit: VisitView | undefined): visit is VisitView {
  return visit !== undefined && ["discarded", "withdrawn", "declined"].includes(visit.state);
}

function Over({ visit }: { visit: VisitView }) {
  return (
    <EmptyState
      icon={<CircleSlash />}
      title={visit.state === "declined" ? "This visit was not recorded" : "This recording was erased"}
      action={
        <>
          <LinkButton href="/worklist">Back to the worklist</LinkButton>
          {visit.appointmentId !== null && (
            <LinkButton href={`/start/${visit.appointmentId}`}>Record after all</LinkButton>
          )}
        </>
      }
    >
      No note is written for it.
    </EmptyState>
  );
}

function Progress({ id, visit }: { id: VisitId; visit: VisitView | undefined }) {
  const { data: held = [] } = useHeld();
  const local = held.find((candidate) => candidate.visitId === id);
  const nowMs = useNow(10_000);
  const isReady = visit !== undefined && screenOf(visit.state) === "review";
  return (
    <div className={styles["page"]}>
      <Heading state={visit?.state} />
      {visit !== undefined && <Trouble visit={visit} />}
      <Waiting visit={visit} />
      <Card>
        <ProgressPanel visit={visit} local={local} nowMs={nowMs} />
      </Card>
      {local === undefined && !isReady && visit !== undefined && <AudioElsewhere visit={visit} />}
      <div className={styles["actions"]}>
        <LinkButton size="large" href="/worklist">
          Back to the worklist
        </LinkButton>
        {isReady && (
          <LinkButton kind="primary" size="large" icon={<FileText />} href={visitPath(id, "review")}>
            Review draft
          </LinkButton>
        )}
      </div>
    </div>
  );
}

function Heading({ state }: { state: VisitState | undefined }) {
  const { title, text } = headingOf(state);
  return (
    <PageHeader title={title}>
      <p>{text}</p>
    </PageHeader>
  );
}

function headingOf(state: VisitState | undefined): { title: string; text: string } {
  if (state === "failed") return { title: "There is no note yet", text: "What went wrong, and what can be done:" };
  if (state !== undefined && screenOf(state) === "review")
    return { title: "The draft is ready", text: "Read it, correct it, and sign it." };
  return {
    title: "Writing the note",
    text: "You can leave this page. It goes on by itself, and the worklist shows when the draft is ready.",
  };
}

function Trouble({ visit }: { visit: VisitView }) {
  if (visit.state === "failed") return <Failure visit={visit} />;
  return visit.state === "processing" && isInTrouble(visit) ? <Unanswered visit={visit} /> : null;
}

/** The cause in words; trying again is offered where the clinic server or this device can. */
function Failure({ visit }: { visit: VisitView }) {
  const { bff } = useApp();
  const queryClient = useQueryClient();
  const session = useVisitSession();
  const retry = useMutation({
    mutationFn: () => bff.retryVisit(visit.id),
    onSuccess: (next) => {
      session.sendNow();
      keepVisit(queryClient, next);
    },
  });
  const problem = retry.error === null ? visit.problem : toProblem(retry.error);
  if (problem === null) return null;
  const isFinal = problem.code === "audio_too_short" || problem.code === "audio_quality_poor";
  return (
    <ProblemBanner
      problem={problem}
      onAction={isFinal || retry.isPending ? undefined : () => retry.mutate()}
      beside={<SendElsewhere visit={visit} />}
    />
  );
}

/** The service does not answer about its work: it is asked again by itself, and another one may have the visit. */
function Unanswered({ visit }: { visit: VisitView }) {
  return visit.problem === null ? null : (
    <ProblemBanner problem={visit.problem} beside={<SendElsewhere visit={visit} />} />
  );
}

function Waiting({ visit }: { visit: VisitView | undefined }) {
  const waiting = useRecording((view) => view.waiting);
  const problem = useRecording((view) => view.problem);
  if (problem !== null) return <ProblemBanner problem={problem} />;
  if (waiting === null || waiting === "sign_in" || waiting === "end") return null;
  return (
    <Banner
      tone="offline"
      title={waitingTitles[waiting]}
      action={waiting === "scribe" && visit !== undefined && <SendElsewhere visit={visit} />}
    >
      The recording is safe on this device. Sending goes on by itself.
    </Banner>
  );
}

const waitingTitles = {
  network: "Waiting for network",
  server: "The clinic server is not answering",
  scribe: "The scribe service is not answering",
};
