import { useRef, useState } from "react";
import { useNavigate } from "react-router-dom";
import type { Consent } from "#model/consent.ts";
import type { VisitId } from "#model/id.ts";
import { toProblem } from "#model/problem.ts";
import { useApp } from "#app/app-context.ts";
import { visitPath } from "#app/clinical/visit-path.ts";
import { useUser } from "#app/sign-in/use-user.ts";
import { useVisitSession } from "#app/use-recording.ts";
import { readWorkstation } from "#app/workstation.ts";
import type { ImportState } from "./import-words.ts";
import { toNewVisit, toVisitCreate } from "./new-visit.ts";
import type { PlannedVisit } from "./planned-visit.ts";

export type Import = { state: ImportState; take: (file: File, consent: Consent) => void; cancel: () => void };

/** A visit from an audio file: kept on this device first, then sent and written like any other. */
export function useImport(planned: PlannedVisit): Import {
  const { bootstrap, clock } = useApp();
  const user = useUser();
  const visits = useVisitSession();
  const navigate = useNavigate();
  const [state, setState] = useState<ImportState>({ kind: "none" });
  const current = useRef<VisitId | undefined>(undefined);

  const take = async (file: File, consent: Consent) => {
    const { name, size: sizeBytes } = file;
    const { name: device } = await readWorkstation();
    const create = toVisitCreate(planned, consent, { startedAt: clock.now(), device });
    const visit = toNewVisit(planned, create, { clinicianId: user.id, maxChunkMs: bootstrap.maxChunkMs });
    current.current = visit.visitId;
    const isCurrent = () => current.current === visit.visitId;
    setState({ kind: "reading", name, sizeBytes, share: 0 });
    try {
      await visits.importFile(visit, file, (share) => {
        if (isCurrent()) setState({ kind: "reading", name, sizeBytes, share });
      });
      if (isCurrent()) await navigate(visitPath(visit.visitId, "processing"));
    } catch (thrown) {
      if (isCurrent()) setState({ kind: "failed", name, code: toProblem(thrown).code });
    }
  };
  return {
    state,
    take: (file, consent) => void take(file, consent),
    cancel: () => {
      const visitId = current.current;
      current.current = undefined;
      setState({ kind: "none" });
      // What was read so far goes too; a file that had not become a visit yet leaves nothing to discard.
      if (visitId !== undefined) visits.discard(visitId, "discarded").catch(() => undefined);
    },
  };
}
