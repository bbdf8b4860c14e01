import { useQueryClient } from "@tanstack/react-query";
import { Navigate, useNavigate } from "react-router-dom";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { PatientBanner } from "#app/clinical/patient-banner.tsx";
import { PartlyReady } from "#app/clinical/partly-ready.tsx";
import { StateChip } from "#app/clinical/state-chip.tsx";
import { screenOf, visitPath } from "#app/clinical/visit-path.ts";
import { useApp } from "#app/app-context.ts";
import { keys, useCodesView, useNote, useVisit } from "#app/queries.ts";
import { FoldedTimeline } from "#app/recording/timeline.tsx";
import { usePageTitle } from "#app/shell/use-page-title.ts";
import { useVisitId } from "#app/shell/use-visit-id.ts";
import { dateIn, timeIn } from "#model/clock.ts";
import type { VisitId } from "#model/id.ts";
import { windowOf } from "#model/follow-up-window.ts";
import { toProblem } from "#model/problem.ts";
import type { CodesView } from "#protocol/bff-codes.ts";
import { Skeleton } from "#ui/empty-state.tsx";
import { PageHeader } from "#ui/page-header.tsx";
import { ReviewScreen } from "#visit/review/review-screen.tsx";
import { ReviewAudio } from "#app/clinical/review-audio.tsx";

/** The draft beside the words it came from. A signed note is read on the sign screen. */
export function ReviewPage() {
  usePageTitle("Review");
  const id = useVisitId();
  const { data: visit } = useVisit(id);
  // Asked for anew, here or elsewhere: what was on screen is no longer the draft, and must not be edited.
  const isAskedAnew = visit !== undefined && screenOf(visit.state) === "processing";
  return isAskedAnew ? <Navigate to={visitPath(id, "processing")} replace /> : <Review id={id} />;
}

function Review({ id }: { id: VisitId }) {
  const navigate = useNavigate();
  const { bff, clock, bootstrap } = useApp();
  const visit = useVisit(id);
  const note = useNote(id);
  const codes = useCodesSource(id);
  const today = dateIn(bootstrap.clinic.timeZone, clock.now());
  const error = note.error ?? visit.error;
  return (
    <>
      {visit.data !== undefined && (
        <PatientBanner patient={visit.data.patient}>
          <StateChip state={visit.data.state} />
        </PatientBanner>
      )}
      <PageHeader title="Review the note">
        Choose a sentence to see the words it came from. Everything you change is saved by itself.
      </PageHeader>
      {visit.data !== undefined && (
        <>
          <PartlyReady visit={visit.data} draft={note.data?.draft} />
          <ReviewAudio visit={visit.data} />
        </>
      )}
      {error !== null && <ProblemBanner problem={toProblem(error)} onAction={() => void note.refetch()} />}
      {note.data === undefined && error === null && <Skeleton lines={8} label="Loading the draft" />}
      {note.data !== undefined && <FoldedTimeline gaps={note.data.gaps} moments={note.data.moments} />}
      {note.data !== undefined && (
        <ReviewScreen
          key={note.data.visitId}
          view={note.data}
          save={async (input) => {
            const saved = await bff.saveNote(id, input);
            codes.noteSaved();
            return saved;
          }}
          codes={codes}
          renderProblem={(problem, onRetry) => <ProblemBanner problem={problem} onAction={onRetry} />}
          windowOf={({ interval }) => windowOf(interval, today)}
          timeOf={(iso) => timeIn(bootstrap.clinic.timeZone, Date.parse(iso))}
          onSign={() => void navigate(visitPath(id, "sign"))}
          onReload={() => location.reload()}
        />
      )}
    </>
  );
}

/** Suggested codes as the clinic server has them; a saved edit may make them codes of an older text. */
function useCodesSource(id: VisitId) {
  const { bff } = useApp();
  const queryClient = useQueryClient();
  const { data: view } = useCodesView(id);
  const refresh = (): void => void queryClient.invalidateQueries({ queryKey: keys.codes(id) });
  return {
    view,
    ask: async (revision: number) => {
      queryClient.setQueryData(keys.codes(id), await bff.askCodes(id, revision));
      // A quick job may have ended, and been told of, before its beginning was kept here.
      refresh();
    },
    noteSaved: () => {
      if (queryClient.getQueryData<CodesView>(keys.codes(id))?.job) refresh();
    },
  };
}
