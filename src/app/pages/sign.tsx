import { useMutation, useQueryClient } from "@tanstack/react-query";
import { FilePlus2 } from "lucide-react";
import { useEffect } from "react";
import { useApp } from "#app/app-context.ts";
import { Addenda } from "#app/clinical/addenda.tsx";
import { PatientBanner } from "#app/clinical/patient-banner.tsx";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { StateChip } from "#app/clinical/state-chip.tsx";
import { visitPath } from "#app/clinical/visit-path.ts";
import { problemWords } from "#app/problem-words.ts";
import { keys, useNote, useVisit } from "#app/queries.ts";
import { usePageTitle } from "#app/shell/use-page-title.ts";
import { useVisitId } from "#app/shell/use-visit-id.ts";
import { useUser } from "#app/sign-in/use-user.ts";
import { useVisitSession } from "#app/use-recording.ts";
import { timeIn } from "#model/clock.ts";
import type { VisitId } from "#model/id.ts";
import { toProblem } from "#model/problem.ts";
import type { NoteView, VisitView } from "#protocol/bff.ts";
import { LinkButton } from "#ui/button.tsx";
import { Skeleton } from "#ui/empty-state.tsx";
import { PageHeader } from "#ui/page-header.tsx";
import { DocumentLines } from "#visit/writeback/document-lines.tsx";
import { FilingCard } from "#visit/writeback/filing-card.tsx";
import { type Signature, SignScreen } from "#visit/writeback/sign-screen.tsx";

/** The last look, the signature, and what became of it in the chart. */
export function SignPage() {
  usePageTitle("Sign");
  const id = useVisitId();
  const visit = useVisit(id);
  const note = useNote(id, { isFresh: true });
  // Signed, here or at another workstation, after this text was read: it is read again, with the signature at its end.
  const isBehind = visit.data !== undefined && visit.data.signedAt !== null && note.data?.signed === null;
  const { refetch } = note;
  useEffect(() => {
    if (isBehind) void refetch();
  }, [isBehind, refetch]);
  const error = note.error ?? visit.error;
  if (error !== null) return <ProblemBanner problem={toProblem(error)} onAction={() => void note.refetch()} />;
  if (visit.data === undefined || note.data === undefined) return <Skeleton lines={8} label="Loading the note" />;
  return <SignOrSigned visit={visit.data} note={note.data} />;
}

function SignOrSigned({ visit, note }: { visit: VisitView; note: NoteView }) {
  const user = useUser();
  const sign = useSign(visit.id, note.revision);
  const isSigned = note.signed !== null;
  return (
    <>
      <PatientBanner patient={visit.patient}>
        <StateChip state={visit.state} />
      </PatientBanner>
      <PageHeader title={isSigned ? "Signed note" : "Sign and file"}>
        {isSigned
          ? "This text is final. What you add becomes a note of its own."
          : "Check that this is the right patient."}
      </PageHeader>
      <SignScreen
        note={note.note}
        followUps={note.followUps}
        unsupported={note.evidence.sentences.filter(({ mark }) => mark === "unsupported").length}
        signerName={user.name}
        draftedWith={note.draft.provenance.service}
        isSigned={isSigned}
        isPending={sign.isPending || (visit.signedAt !== null && !isSigned)}
        onSign={(signature) => sign.mutate(signature)}
        outcome={
          <>
            {sign.error !== null && <ProblemBanner problem={toProblem(sign.error)} onAction={sign.reset} />}
            <Filing visit={visit} />
          </>
        }
        back={
          <LinkButton href={visitPath(visit.id, "review")} size="large">
            Back to review
          </LinkButton>
        }
        addenda={isSigned && <Addenda visit={visit} />}
      />
    </>
  );
}

function Filing({ visit }: { visit: VisitView }) {
  const { bff, bootstrap } = useApp();
  const queryClient = useQueryClient();
  const retry = useMutation({
    mutationFn: () => bff.fileNote(visit.id),
    onSuccess: (fresh) => queryClient.setQueryData(keys.visit(visit.id), fresh),
  });
  if (visit.filing === null) return null;
  const shared = {
    timeOf: (iso: string) => timeIn(bootstrap.clinic.timeZone, Date.parse(iso)),
    onRetry: () => retry.mutate(),
    isRetrying: retry.isPending,
  };
  return (
    <>
      <FilingCard
        filing={visit.filing}
        words={problemWords(visit.filing.problem?.code ?? "internal_error")}
        next={
          <LinkButton href="/worklist" icon={<FilePlus2 />}>
            Next patient
          </LinkButton>
        }
        {...shared}
      />
      <DocumentLines
        documents={visit.filing.documents ?? []}
        wordsOf={(code) => problemWords(code).sentence}
        {...shared}
      />
    </>
  );
}

/** Signs the revision on screen; afterwards the audio on this device may go. */
function useSign(id: VisitId, revision: number) {
  const { bff } = useApp();
  const queryClient = useQueryClient();
  const recording = useVisitSession();
  return useMutation({
    mutationFn: (signature: Signature) => bff.signNote(id, { revision, ...signature }),
    onSuccess: async (visit) => {
      queryClient.setQueryData(keys.visit(id), visit);
      await Promise.all([recording.visitChanged(visit), queryClient.invalidateQueries({ queryKey: keys.worklists })]);
    },
  });
}
