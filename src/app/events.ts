/**
 * Live status. In: the clinic server's event stream; out: fresh answers in the query cache and a word to the visit session.
 * Nothing is kept: a reload fetches, and the browser sends Last-Event-ID by itself when the stream comes back. Where a
 * proxy blocks streams, everything is asked again every 3 s until one opens.
 */
import type { VisitView, Worklist } from "#protocol/bff.ts";
import { VisitView as VisitViewSchema } from "#protocol/bff.ts";
import type { QueryClient } from "@tanstack/react-query";
import { createStore } from "zustand/vanilla";
import { keys } from "./queries.ts";

/** `opening`: not known yet. */
export type LiveState = "opening" | "live" | "polling";

/** Whether the stream is open; screens may say so. */
export const liveState = createStore<{ state: LiveState }>(() => ({ state: "opening" }));

type Listener = {
  queryClient: QueryClient;
  onVisit: (visit: VisitView) => void;
  /** The browser's EventSource; tests give their own. */
  openStream?: () => Stream;
};

type Stream = {
  addEventListener(type: string, listener: (event: Event) => void): void;
  close(): void;
  readyState: number;
};

const pollMs = 3000;
const closed = 2;

/** Listens until the returned function is called. */
export function startEvents({ queryClient, onVisit, openStream = () => new EventSource("/api/events") }: Listener) {
  let stream = openStream();
  const follow = (): void => followStream(stream, { queryClient, onVisit, polling, reopen });
  const reopen = (): void => {
    stream.close();
    stream = openStream();
    follow();
  };
  const polling = createPolling(() => {
    // The browser gives up on a stream that was refused (502, 401); only we can open it again.
    if (stream.readyState === closed) reopen();
    void refresh(queryClient);
  });
  follow();
  return () => {
    polling.stop();
    stream.close();
  };
}

type Following = {
  queryClient: QueryClient;
  onVisit: (visit: VisitView) => void;
  polling: Polling;
  reopen: () => void;
};

function followStream(stream: Stream, { queryClient, onVisit, polling, reopen }: Following): void {
  stream.addEventListener("open", () => {
    polling.stop();
    liveState.setState({ state: "live" });
  });
  stream.addEventListener("error", () => {
    polling.start();
    liveState.setState({ state: "polling" });
  });
  stream.addEventListener("visit", (event) => {
    const visit = visitOf(event);
    if (visit === undefined) {
      void refresh(queryClient);
      return;
    }
    keepVisit(queryClient, visit);
    void queryClient.invalidateQueries({ queryKey: keys.codes(visit.id) });
    void queryClient.invalidateQueries({ queryKey: keys.addenda(visit.id) });
    onVisit(visit);
  });
  stream.addEventListener("follow_ups", () => {
    void queryClient.invalidateQueries({ queryKey: keys.followUps });
    void queryClient.invalidateQueries({ queryKey: keys.calendar });
  });
  stream.addEventListener("reset", () => void queryClient.invalidateQueries());
  stream.addEventListener("reconnect", reopen);
}

type Polling = { start(): void; stop(): void };

function createPolling(ask: () => void): Polling {
  let timer: ReturnType<typeof setInterval> | undefined;
  return {
    start: () => {
      timer ??= setInterval(ask, pollMs);
    },
    stop: () => {
      clearInterval(timer);
      timer = undefined;
    },
  };
}

async function refresh(queryClient: QueryClient): Promise<void> {
  await Promise.all(
    [["visit"], keys.visits, keys.worklists, keys.followUps, keys.allCodes].map((queryKey) =>
      queryClient.invalidateQueries({ queryKey }),
    ),
  );
}

function visitOf(event: Event): VisitView | undefined {
  if (!(event instanceof MessageEvent) || typeof event.data !== "string") return undefined;
  try {
    return VisitViewSchema.parse(JSON.parse(event.data));
  } catch {
    return undefined;
  }
}

/** Puts a visit everywhere it is shown, so that no screen lags behind another. */
export function keepVisit(queryClient: QueryClient, visit: VisitView): void {
  queryClient.setQueryData(keys.visit(visit.id), visit);
  queryClient.setQueryData<{ visits: VisitView[] }>(keys.visits, (list) =>
    list === undefined ? list : { visits: withVisit(list.visits, visit) },
  );
  keepRow(queryClient, visit);
}

type RowVisit = Pick<VisitView, "id" | "state" | "updatedAt" | "appointmentId">;

/** Shows a visit in the worklists; also one that the clinic server has not heard of, so that it is not begun twice. */
export function keepRow(queryClient: QueryClient, visit: RowVisit): void {
  queryClient.setQueriesData<Worklist>({ queryKey: keys.worklists }, (list) =>
    list === undefined ? list : withRowVisit(list, visit),
  );
}

function withVisit(visits: readonly VisitView[], visit: VisitView): VisitView[] {
  const isKnown = visits.some((known) => known.id === visit.id);
  return isKnown ? visits.map((known) => (known.id === visit.id ? visit : known)) : [visit, ...visits];
}

function withRowVisit(list: Worklist, visit: RowVisit): Worklist {
  const { id, state, updatedAt } = visit;
  return {
    ...list,
    rows: list.rows.map((row) =>
      row.visit?.id === id || (row.appointmentId !== null && row.appointmentId === visit.appointmentId)
        ? { ...row, visit: { id, state, updatedAt } }
        : row,
    ),
  };
}
