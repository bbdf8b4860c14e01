import { useNavigate } from "react-router-dom";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { PatientBanner } from "#app/clinical/patient-banner.tsx";
import { StateChip } from "#app/clinical/state-chip.tsx";
import { visitPath } from "#app/clinical/visit-path.ts";
import { useApp } from "#app/app-context.ts";
import { useNote, useVisit } from "#app/queries.ts";
import { Timeline } from "#app/recording/timeline.tsx";
import { usePageTitle } from "#app/shell/use-page-title.ts";
import { useVisitId } from "#app/shell/use-visit-id.ts";
import { dateIn, timeIn } from "#model/clock.ts";
import { windowOf } from "#model/follow-up-window.ts";
import { toProblem } from "#model/problem.ts";
import { Skeleton } from "#ui/empty-state.tsx";
import { PageHeader } from "#ui/page-header.tsx";
import { ReviewScreen } from "#visit/review/review-screen.tsx";
import { ReviewAudio } from "#app/clinical/review-audio.tsx";

/** The draft beside the words it came from. A signed note is read on the sign screen. */
export function ReviewPage() {
  usePageTitle("Review");
  const id = useVisitId();
  const navigate = useNavigate();
  const { bff, clock, bootstrap } = useApp();
  const visit = useVisit(id);
  const note = useNote(id);
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
      {visit.data !== undefined && <ReviewAudio visit={visit.data} />}
      {error !== null && <ProblemBanner problem={toProblem(error)} onAction={() => void note.refetch()} />}
      {note.data === undefined && error === null && <Skeleton lines={8} label="Loading the draft" />}
      {note.data !== undefined && <Timeline gaps={note.data.gaps} moments={note.data.moments} />}
      {note.data !== undefined && (
        <ReviewScreen
          key={note.data.visitId}
          view={note.data}
          save={(input) => bff.saveNote(id, input)}
          windowOf={({ interval }) => windowOf(interval, today)}
          timeOf={(iso) => timeIn(bootstrap.clinic.timeZone, Date.parse(iso))}
          onSign={() => void navigate(visitPath(id, "sign"))}
          onReload={() => location.reload()}
        />
      )}
    </>
  );
}
