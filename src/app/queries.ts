/** What the clinic server owns, as hooks: one key per kind of answer, kept fresh by events.ts. */
import type { AppointmentKind } from "#model/follow-up.ts";
import type { FollowUpId, VisitId } from "#model/id.ts";
import { isRetried, toProblem } from "#model/problem.ts";
import type { HeldVisit } from "#model/recording.ts";
import {
  keepPreviousData,
  QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type UseQueryResult,
} from "@tanstack/react-query";
import { useApp } from "./app-context.ts";
import type { WorklistScope } from "./bff.ts";
import { useVisitSession } from "./use-recording.ts";

export const keys = {
  worklists: ["worklist"] as const,
  worklist: (date: string, scope: WorklistScope) => ["worklist", date, scope] as const,
  launch: ["launch"] as const,
  visits: ["visits"] as const,
  visit: (id: VisitId) => ["visit", id] as const,
  note: (id: VisitId) => ["note", id] as const,
  addenda: (id: VisitId) => ["addenda", id] as const,
  heard: (id: VisitId) => ["heard", id] as const,
  allCodes: ["codes"] as const,
  codes: (id: VisitId) => ["codes", id] as const,
  followUps: ["follow-ups"] as const,
  /** Of one follow-up; the kind of appointment follows. */
  freeTimes: (id: FollowUpId) => ["free-times", id] as const,
  calendar: ["calendar"] as const,
  bookingRules: ["booking-rules"] as const,
  providers: ["providers"] as const,
  services: ["services"] as const,
  /** Under `services`: asked again with them. */
  serviceReports: ["services", "reports"] as const,
  held: ["held"] as const,
  /** Under `held`: whatever changes the held visits changes their ledgers. */
  ledger: (id: VisitId) => ["held", "ledger", id] as const,
  locked: ["held", "locked"] as const,
  receipts: ["held", "receipts"] as const,
};

/** OpenEMR tells nobody of changes: it is asked every five minutes, and when the window is looked at again. */
const pollMs = 5 * 60_000;

/** Only failures that may pass by themselves are tried again, twice. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: "always",
        staleTime: 15_000,
        retry: (failures, thrown) => failures < 2 && isRetried(toProblem(thrown).code),
        retryDelay: (failures) => 400 * 2 ** failures,
        refetchOnWindowFocus: true,
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
}

export function useWorklist(date: string, scope: WorklistScope) {
  const { bff } = useApp();
  return useQuery({
    queryKey: keys.worklist(date, scope),
    queryFn: () => bff.worklist(date, scope),
    refetchInterval: pollMs,
  });
}

/** The patient whose page in OpenEMR opened us, and the visit it is about. */
export function useLaunch(isWanted: boolean) {
  const { bff } = useApp();
  return useQuery({
    queryKey: keys.launch,
    queryFn: () => bff.launch(),
    enabled: isWanted,
    refetchOnWindowFocus: false,
    gcTime: 0,
  });
}

/** This clinician's visits, newest first. */
export function useVisits() {
  const { bff } = useApp();
  return useQuery({ queryKey: keys.visits, queryFn: () => bff.visits() });
}

export function useVisit(id: VisitId) {
  const { bff } = useApp();
  return useQuery({ queryKey: keys.visit(id), queryFn: () => bff.visit(id) });
}

/** The draft, its revisions and evidence. `isFresh` asks again however young the answer is: what is signed must be the newest. */
export function useNote(id: VisitId, { isFresh = false }: { isFresh?: boolean } = {}) {
  const { bff } = useApp();
  const freshness = isFresh ? { staleTime: 0, refetchOnMount: "always" as const } : { staleTime: Infinity };
  return useQuery({ queryKey: keys.note(id), queryFn: () => bff.note(id), ...freshness, gcTime: 0 });
}

/** What was added to the signed note; a `visit` event makes it fresh. */
export function useAddenda(id: VisitId) {
  const { bff } = useApp();
  return useQuery({ queryKey: keys.addenda(id), queryFn: () => bff.addenda(id), gcTime: 0 });
}

/** The live transcript, while somebody looks at it; it is gone from memory when nobody does. */
export function useHeard(id: VisitId, isShown: boolean) {
  const { bff } = useApp();
  return useQuery({
    queryKey: keys.heard(id),
    queryFn: () => bff.heard(id),
    enabled: isShown,
    refetchInterval: 4_000,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
}

/** The codes suggested for the note; a `visit` event makes them fresh. */
export function useCodesView(id: VisitId) {
  const { bff } = useApp();
  return useQuery({ queryKey: keys.codes(id), queryFn: () => bff.codes(id), gcTime: 0 });
}

/** The desk's queue. */
export function useFollowUps() {
  const { bff } = useApp();
  return useQuery({ queryKey: keys.followUps, queryFn: () => bff.followUps(), refetchInterval: pollMs });
}

/** Free times of a follow-up; `again` looks in OpenEMR itself, not at what it said in the last five minutes. */
export function useFreeTimes(id: FollowUpId, kind: AppointmentKind) {
  const { bff } = useApp();
  const queryClient = useQueryClient();
  const queryKey = [...keys.freeTimes(id), kind];
  const query = useQuery({
    queryKey,
    queryFn: () => bff.freeTimes(id, { kind, isFresh: false }),
    staleTime: 0,
    placeholderData: keepPreviousData,
  });
  const again = useMutation({
    mutationFn: () => bff.freeTimes(id, { kind, isFresh: true }),
    onSuccess: (fresh) => queryClient.setQueryData(queryKey, fresh),
  });
  return { ...query, again };
}

/** Every clinician's calendar of some days. */
export function useDeskCalendar(from: string, days: number) {
  const { bff } = useApp();
  return useQuery({
    queryKey: [...keys.calendar, from, days],
    queryFn: () => bff.calendar(from, days),
    refetchInterval: pollMs,
    placeholderData: keepPreviousData,
  });
}

export function useBookingRules() {
  const { bff } = useApp();
  return useQuery({ queryKey: keys.bookingRules, queryFn: () => bff.bookingRules() });
}

/** OpenEMR's numbers of clinicians. */
export function useProviders() {
  const { bff } = useApp();
  return useQuery({ queryKey: keys.providers, queryFn: () => bff.providers() });
}

export function useServices() {
  const { bff } = useApp();
  return useQuery({ queryKey: keys.services, queryFn: () => bff.services(), refetchInterval: 30_000 });
}

/** What went wrong with the services lately, for administrators. */
export function useServiceReports() {
  const { bff } = useApp();
  return useQuery({ queryKey: keys.serviceReports, queryFn: () => bff.serviceReports(), refetchInterval: 30_000 });
}

/** The visits whose audio this device holds; events of the vault make it fresh. */
export function useHeld(): UseQueryResult<HeldVisit[]>;
/** What is told of them; whoever shows it is drawn again only when that changes. */
export function useHeld<Told>(tell: (held: HeldVisit[]) => Told): UseQueryResult<Told>;
export function useHeld<Told>(tell?: (held: HeldVisit[]) => Told) {
  const session = useVisitSession();
  const query = { queryKey: keys.held, queryFn: () => session.held(), staleTime: Infinity };
  return useQuery(tell === undefined ? query : { ...query, select: tell });
}

/** Recordings whose key the clinic server keeps, before it was asked for it. */
export function useLocked() {
  const session = useVisitSession();
  return useQuery({ queryKey: keys.locked, queryFn: () => session.locked(), staleTime: Infinity });
}

/** This visit, while this device cannot read what it holds of it. */
export function useLockedVisit(id: VisitId) {
  return useLocked().data?.find((visit) => visit.visitId === id);
}

/** Deletion receipts of this device. */
export function useReceipts() {
  const session = useVisitSession();
  return useQuery({ queryKey: keys.receipts, queryFn: () => session.receipts(), staleTime: Infinity });
}

/** Every piece of one held visit. */
export function useLedger(id: VisitId) {
  const session = useVisitSession();
  return useQuery({ queryKey: keys.ledger(id), queryFn: () => session.ledger(id), staleTime: Infinity });
}

/** `text` shorter than two letters asks nothing. */
export function usePatientSearch(text: string) {
  const { bff } = useApp();
  return useQuery({
    queryKey: ["patients", text],
    queryFn: () => bff.searchPatients(text),
    enabled: text.trim().length >= 2,
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
}

export function useAudit() {
  const { bff } = useApp();
  return useInfiniteQuery({
    queryKey: ["audit"],
    queryFn: ({ pageParam }) => bff.audit(pageParam),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => {
      const last = page.rows.at(-1);
      return last === undefined || last.seq <= 1 ? undefined : last.seq;
    },
  });
}
