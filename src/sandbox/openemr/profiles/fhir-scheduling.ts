/**
 * The server that the integration guide describes and no released OpenEMR is: FHIR Appointment with create and update, Slot
 * and Schedule, 409 for a time that is taken, errors as OperationOutcome. Everything else is as in 8.2.
 */
import { outcome } from "#sandbox/openemr/fhir-scheduling/outcome.ts";
import type { IssueCode } from "#sandbox/openemr/fhir-scheduling/outcome.ts";
import { schedulingRoutes } from "#sandbox/openemr/fhir-scheduling/routes.ts";
import { openemr82 } from "./openemr-8.2.ts";
import type { Profile } from "./profile.ts";

const issueCodes: Record<number, IssueCode> = { 400: "login", 401: "login", 403: "forbidden", 404: "not-supported" };

export const fhirScheduling: Profile = {
  ...openemr82,
  name: "fhir-scheduling",
  title: "OpenEMR with FHIR scheduling, as its integration guide describes it",
  refusal: (why, call) => {
    const answer = openemr82.refusal(why, call);
    if (!call.path.startsWith("/fhir/")) return answer;
    const { message } = JSON.parse(answer.body) as { message: string };
    return outcome(answer.status, issueCodes[answer.status] ?? "invalid", message);
  },
  fhir: {
    ...openemr82.fhir,
    routes: schedulingRoutes,
    scopes: (
      "user/Appointment.write user/Appointment.cruds user/Appointment.crus user/Appointment.rs user/Slot.read user/Slot.rs " +
      "user/Slot.s user/Schedule.read user/Schedule.rs user/Schedule.s"
    ).split(" "),
    capabilities: {
      Appointment: {
        interactions: ["search-type", "read", "create", "update"],
        parameters: [
          ["patient", "reference"],
          ["practitioner", "reference"],
          ["status", "token"],
          ["identifier", "token"],
          ["date", "date"],
          ["_id", "token"],
          ["_lastUpdated", "date"],
        ],
      },
      Slot: {
        interactions: ["search-type", "read"],
        parameters: [
          ["start", "date"],
          ["status", "token"],
          ["schedule", "reference"],
          ["schedule.actor", "reference"],
          ["appointment-type", "token"],
          ["_id", "token"],
        ],
      },
      Schedule: {
        interactions: ["search-type", "read"],
        parameters: [
          ["actor", "reference"],
          ["active", "token"],
          ["_id", "token"],
        ],
      },
    },
  },
};
