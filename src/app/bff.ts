/** The routes of the clinic server as functions, one per line of protocol/bff.ts. */
import type { FollowUpId, UserId, VisitId } from "#model/id.ts";
import { Patient } from "#model/patient.ts";
import { AddendaView, type AddendumSign } from "#protocol/bff-addenda.ts";
import { type BookingRulesSave, BookingRulesView } from "#protocol/bff-booking-rules.ts";
import { CodesView } from "#protocol/bff-codes.ts";
import { DeskCalendar, FollowUpCard, FollowUpQueue, FreeTimes, type FreeTime, TimeTaken } from "#protocol/bff-desk.ts";
import { HeardView } from "#protocol/bff-heard.ts";
import type { BookTime, FollowUpMark } from "#protocol/bff-desk.ts";
import { type PatientCreate, PossibleDuplicates } from "#protocol/bff-patients.ts";
import type { AppointmentKind, CancelReason } from "#model/follow-up.ts";
import {
  AuditPage,
  Bootstrap,
  NoteSaved,
  NoteView,
  PatientList,
  SessionView,
  VisitList,
  VisitView,
  Worklist,
} from "#protocol/bff.ts";
import { AuthBegin, type LaunchAsked, LaunchView } from "#protocol/bff-launch.ts";
import type { NoteSave, NoteSign, VisitCreate } from "#protocol/bff.ts";
import { ProviderList, type ProviderSave } from "#protocol/bff-providers.ts";
import { ServiceList, ServiceReports } from "#protocol/bff-services.ts";
import type { z } from "zod";
import { type BffClient, BffRefusal } from "./bff-client.ts";

export type WorklistScope = "mine" | "all";

/** A booking, or the free times to offer when that one was just taken. */
export type Booking = { booked: FollowUpCard } | { taken: readonly FreeTime[] };

/** A new patient, or those in the chart who may be the same. */
export type Created = { patient: Patient } | { alike: readonly Patient[] };

export type Bff = ReturnType<typeof createBff>;

/** Every failure is a ProblemError. */
export function createBff(client: BffClient) {
  return {
    ...sessionRoutes(client),
    ...visitRoutes(client),
    ...noteRoutes(client),
    ...deskRoutes(client),
    ...clinicRoutes(client),
  };
}

function sessionRoutes({ call, tell }: BffClient) {
  return {
    bootstrap: () => call({ path: "/api/bootstrap", answer: Bootstrap }),
    /** The same, without waiting for how OpenEMR is now. */
    opening: () => call({ path: "/api/bootstrap?upstreams=last", answer: Bootstrap }),
    session: () => call({ path: "/api/session", answer: SessionView }),
    beginSignIn: (launch?: LaunchAsked) =>
      call({ method: "POST", path: "/auth/begin", ...(launch && { body: { launch } }), answer: AuthBegin }),
    /** The patient whose page in OpenEMR opened us. */
    launch: () => call({ path: "/api/launch", answer: LaunchView }),
    signOut: () => tell({ method: "POST", path: "/auth/logout" }),
    services: () => call({ path: "/api/services", answer: ServiceList }),
    serviceReports: () => call({ path: "/api/services/reports", answer: ServiceReports }),
    checkServices: () => call({ method: "POST", path: "/api/services/check", answer: ServiceReports }),
    /** Newest first; `before` is the lowest sequence already shown. */
    audit: (before?: number) =>
      call({ path: before === undefined ? "/api/audit" : `/api/audit?before=${before}`, answer: AuditPage }),
  };
}

function visitRoutes({ call, tell }: BffClient) {
  return {
    worklist: (date: string, scope: WorklistScope) =>
      call({ path: `/api/worklist?date=${date}&scope=${scope}`, answer: Worklist }),
    searchPatients: async (text: string): Promise<Patient[]> => {
      const answer = await call({ method: "POST", path: "/api/patients/search", body: { text }, answer: PatientList });
      return answer.patients;
    },
    visits: () => call({ path: "/api/visits", answer: VisitList }),
    visit: (id: VisitId) => call({ path: `/api/visits/${id}`, answer: VisitView }),
    heard: (id: VisitId) => call({ path: `/api/visits/${id}/heard`, answer: HeardView }),
    createVisit: (id: VisitId, body: VisitCreate) =>
      call({ method: "PUT", path: `/api/visits/${id}`, body, answer: VisitView }),
    retryVisit: (id: VisitId) => call({ method: "POST", path: `/api/visits/${id}/retry`, answer: VisitView }),
    sendElsewhere: (id: VisitId, service: string) =>
      call({ method: "POST", path: `/api/visits/${id}/service`, body: { service }, answer: VisitView }),
    discardVisit: (id: VisitId, reason: "discarded" | "withdrawn") =>
      tell({ method: "POST", path: `/api/visits/${id}/discard`, body: { reason } }),
  };
}

function noteRoutes({ call }: BffClient) {
  return {
    note: (id: VisitId) => call({ path: `/api/visits/${id}/note`, answer: NoteView }),
    saveNote: (id: VisitId, body: z.infer<typeof NoteSave>) =>
      call({ method: "PUT", path: `/api/visits/${id}/note`, body, answer: NoteSaved }),
    signNote: (id: VisitId, body: z.infer<typeof NoteSign>) =>
      call({ method: "POST", path: `/api/visits/${id}/sign`, body, answer: VisitView }),
    codes: (id: VisitId) => call({ path: `/api/visits/${id}/codes`, answer: CodesView }),
    /** Answers at once; the codes come later. */
    askCodes: (id: VisitId, revision: number) =>
      call({ method: "POST", path: `/api/visits/${id}/codes`, body: { revision }, answer: CodesView }),
    addenda: (id: VisitId) => call({ path: `/api/visits/${id}/addenda`, answer: AddendaView }),
    signAddendum: (id: VisitId, body: z.input<typeof AddendumSign>) =>
      call({ method: "POST", path: `/api/visits/${id}/addenda`, body, answer: AddendaView }),
    fileNote: (id: VisitId) => call({ method: "POST", path: `/api/visits/${id}/file`, answer: VisitView }),
  };
}

function deskRoutes({ call }: BffClient) {
  return {
    followUps: () => call({ path: "/api/desk/follow-ups", answer: FollowUpQueue }),
    calendar: (from: string, days: number) =>
      call({ path: `/api/desk/calendar?from=${from}&days=${days}`, answer: DeskCalendar }),
    freeTimes: (id: FollowUpId, { kind, isFresh }: { kind: AppointmentKind; isFresh: boolean }) =>
      call({
        path: `/api/desk/follow-ups/${id}/times?kind=${kind}${isFresh ? "&fresh=1" : ""}`,
        answer: FreeTimes,
      }),
    book: async (id: FollowUpId, time: z.input<typeof BookTime>): Promise<Booking> => {
      try {
        const path = `/api/desk/follow-ups/${id}/bookings`;
        return { booked: await call({ method: "POST", path, body: time, answer: FollowUpCard }) };
      } catch (thrown) {
        const taken = thrown instanceof BffRefusal ? TimeTaken.safeParse(thrown.body) : undefined;
        if (taken?.success === true && taken.data.problem.code === "time_taken")
          return { taken: taken.data.alternatives };
        throw thrown;
      }
    },
    cancelBooking: (id: FollowUpId, reason: CancelReason) =>
      call({ method: "POST", path: `/api/desk/follow-ups/${id}/cancellation`, body: { reason }, answer: FollowUpCard }),
    markFollowUp: (id: FollowUpId, body: FollowUpMark) =>
      call({ method: "POST", path: `/api/desk/follow-ups/${id}/state`, body, answer: FollowUpCard }),
    wait: (id: FollowUpId, waiting: boolean) =>
      call({ method: "POST", path: `/api/desk/follow-ups/${id}/waitlist`, body: { waiting }, answer: FollowUpCard }),
    findConfirmation: (confirmation: string) =>
      call({ method: "POST", path: "/api/desk/confirmation", body: { confirmation }, answer: FollowUpCard }),
  };
}

function clinicRoutes({ call }: BffClient) {
  return {
    createPatient: async (body: z.input<typeof PatientCreate>): Promise<Created> => {
      try {
        return { patient: await call({ method: "POST", path: "/api/patients", body, answer: Patient }) };
      } catch (thrown) {
        const alike = thrown instanceof BffRefusal ? PossibleDuplicates.safeParse(thrown.body) : undefined;
        if (alike?.success === true && alike.data.problem.code === "possible_duplicate")
          return { alike: alike.data.duplicates };
        throw thrown;
      }
    },
    providers: () => call({ path: "/api/provider-ids", answer: ProviderList }),
    learnProviders: () => call({ method: "POST", path: "/api/provider-ids/learn", answer: ProviderList }),
    saveProvider: (id: UserId, body: ProviderSave) =>
      call({ method: "PUT", path: `/api/provider-ids/${encodeURIComponent(id)}`, body, answer: ProviderList }),
    forgetProvider: (id: UserId) =>
      call({ method: "DELETE", path: `/api/provider-ids/${encodeURIComponent(id)}`, answer: ProviderList }),
    bookingRules: () => call({ path: "/api/booking-rules", answer: BookingRulesView }),
    saveBookingRules: (body: z.infer<typeof BookingRulesSave>) =>
      call({ method: "PUT", path: "/api/booking-rules", body, answer: BookingRulesView }),
  };
}
