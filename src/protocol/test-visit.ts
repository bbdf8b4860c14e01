/** What a clinician said of a visit before it was recorded: for tests that need one and not what is in it. */
import { VisitCreate } from "./bff.ts";

export const visitCreate = VisitCreate.parse({
  patientId: "p1",
  appointmentId: null,
  reason: "knee",
  consent: {
    answer: "yes",
    others: [],
    textVersion: "1",
    language: "en",
    interpreter: false,
    askedAt: "2026-11-21T09:59:00Z",
  },
  startedAt: "2026-11-21T10:00:00Z",
  device: "Room 3 PC",
});
