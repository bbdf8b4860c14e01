import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router-dom";
import type { Consent } from "#model/consent.ts";
import { type Problem, toProblem } from "#model/problem.ts";
import { useApp } from "#app/app-context.ts";
import { visitPath } from "#app/clinical/visit-path.ts";
import { keepRow } from "#app/events.ts";
import { useUser } from "#app/sign-in/use-user.ts";
import { useVisitSession } from "#app/use-recording.ts";
import { readWorkstation } from "#app/workstation.ts";
import { toNewVisit, toVisitCreate } from "./new-visit.ts";
import type { PlannedVisit } from "./planned-visit.ts";
import type { MicrophoneCheck } from "./use-microphone.ts";

export type Start = { run: (consent: Consent) => void; isStarting: boolean; problem: Problem | undefined };

/** Starts recording under a fresh visit id; works without a network, since the journal is on this device. */
export function useStart(planned: PlannedVisit, microphone: MicrophoneCheck): Start {
  const { bootstrap, clock } = useApp();
  const user = useUser();
  const visits = useVisitSession();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [isStarting, setIsStarting] = useState(false);
  const [problem, setProblem] = useState<Problem | undefined>();

  const start = async (consent: Consent) => {
    if (microphone.state !== "open") await microphone.open();
    const { name } = await readWorkstation();
    const create = toVisitCreate(planned, consent, { startedAt: clock.now(), device: name });
    const visit = toNewVisit(planned, create, { clinicianId: user.id, maxChunkMs: bootstrap.maxChunkMs });
    await visits.start(visit);
    keepRow(queryClient, {
      id: visit.visitId,
      state: "recording",
      updatedAt: create.startedAt,
      appointmentId: planned.appointmentId,
    });
    microphone.keepOpen();
    await navigate(visitPath(visit.visitId, "recording"));
  };
  return {
    run: (consent) => {
      setIsStarting(true);
      setProblem(undefined);
      start(consent).catch((thrown: unknown) => {
        setProblem(toProblem(thrown));
        setIsStarting(false);
      });
    },
    isStarting,
    problem,
  };
}
