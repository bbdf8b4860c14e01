/**
 * The safety ledger: every recording that this device keeps, and where each piece of it is. In: the journal's own word, asked
 * again whenever it changes; out: sending now, a file of the audio, and the end of it. It keeps nothing.
 */
import { HardDrive, Send } from "lucide-react";
import { toProblem } from "#model/problem.ts";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { ErasedCard } from "#app/device/erased-card.tsx";
import { waitingWords } from "#app/device/ledger-words.ts";
import { LockedVisits } from "#app/device/locked-visits.tsx";
import { ForeignVisits } from "#app/device/foreign-visits.tsx";
import { StorageCard } from "#app/device/storage-card.tsx";
import { VisitLedger } from "#app/device/visit-ledger.tsx";
import { useHeld, useLocked } from "#app/queries.ts";
import { usePageTitle } from "#app/shell/use-page-title.ts";
import { useUser } from "#app/sign-in/use-user.ts";
import { useRecording, useVisitSession } from "#app/use-recording.ts";
import { Banner } from "#ui/banner.tsx";
import { Button, LinkButton } from "#ui/button.tsx";
import { Card } from "#ui/card.tsx";
import { EmptyState, Skeleton } from "#ui/empty-state.tsx";
import { PageHeader } from "#ui/page-header.tsx";

export function DevicePage() {
  usePageTitle("This device");
  const visits = useVisitSession();
  const { data: held, error, refetch } = useHeld();
  return (
    <>
      <PageHeader
        title="This device"
        actions={
          <Button icon={<Send />} onPress={() => visits.sendNow()}>
            Send now
          </Button>
        }
      >
        <p>Every recording kept here, and where each piece of it is.</p>
      </PageHeader>
      <Waiting />
      {error !== null && <ProblemBanner problem={toProblem(error)} onAction={() => void refetch()} />}
      {held === undefined && error === null && (
        <Card isFlush>
          <Skeleton lines={6} label="Reading what this device keeps" />
        </Card>
      )}
      {held !== undefined && <Kept />}
    </>
  );
}

function Kept() {
  const { id } = useUser();
  const { data: held = [] } = useHeld();
  const { data: locked = [] } = useLocked();
  const mine = held.filter((visit) => visit.clinicianId === id).toSorted((a, b) => b.startedAt - a.startedAt);
  const foreign = held.filter((visit) => visit.clinicianId !== id);
  const isEmpty = held.length === 0 && locked.length === 0;
  return (
    <>
      <StorageCard held={held} locked={locked} />
      {isEmpty && (
        <Card>
          <EmptyState
            icon={<HardDrive />}
            title="No audio on this device"
            action={<LinkButton href="/worklist">Go to the worklist</LinkButton>}
          >
            A recording stays here until the scribe has all of it and its note is signed. Now there is none.
          </EmptyState>
        </Card>
      )}
      {mine.map((visit) => (
        <VisitLedger key={visit.visitId} visit={visit} />
      ))}
      <LockedVisits locked={locked} />
      <ForeignVisits visits={foreign} />
      <ErasedCard />
    </>
  );
}

function Waiting() {
  const waiting = useRecording((view) => view.waiting);
  const problem = useRecording((view) => view.problem);
  if (problem !== null) return <ProblemBanner problem={problem} />;
  if (waiting === null || waiting === "end") return null;
  return (
    <Banner tone="offline" title={waitingWords[waiting]}>
      Everything below is safe on this device. Sending goes on by itself.
    </Banner>
  );
}
