import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { VisitView } from "#protocol/bff.ts";
import { liveState, startEvents } from "./events.ts";
import { keys } from "./queries.ts";

class FakeStream extends EventTarget {
  readyState = 0;
  close(): void {
    this.readyState = 2;
  }
  fails(readyState: number): void {
    this.readyState = readyState;
    this.dispatchEvent(new Event("error"));
  }
  opens(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }
  says(name: string, data: unknown): void {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) }));
  }
}

const visit = VisitView.parse({
  id: "6b1f7c1e-6f0b-4a53-9c3e-0d3e5c1f2a10",
  state: "processing",
  patient: { id: "p", name: "Ada Quill", birthDate: null, recordNumber: "1", sex: null },
  appointmentId: "7",
  reason: "",
  clinician: { id: "u", name: "Dr. Hale" },
  startedAt: "2026-11-21T10:00:00Z",
  updatedAt: "2026-11-21T10:20:00Z",
  device: "",
  received: { chunks: 0, durationMs: 0 },
  declared: null,
  step: null,
  problem: null,
  signedAt: null,
  filing: null,
});

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function listen() {
  const queryClient = new QueryClient();
  const asked = vi.spyOn(queryClient, "invalidateQueries");
  const streams: FakeStream[] = [];
  const seen: VisitView[] = [];
  const stop = startEvents({
    queryClient,
    onVisit: (changed) => seen.push(changed),
    openStream: () => {
      const stream = new FakeStream();
      streams.push(stream);
      return stream;
    },
  });
  return { queryClient, asked, streams, seen, stop };
}

test("a visit event is shown everywhere at once and told to the visit session", () => {
  const { queryClient, asked, streams, seen, stop } = listen();
  const before = { ...visit, state: "recording" as const };
  queryClient.setQueryData(keys.visits, { visits: [before] });
  queryClient.setQueryData(keys.worklist("2026-11-21", "mine"), {
    rows: [
      { appointmentId: "7", visit: null },
      { appointmentId: "8", visit: null },
    ],
  });
  streams[0]?.says("visit", visit);
  expect(queryClient.getQueryData(keys.visit(visit.id))).toEqual(visit);
  expect(queryClient.getQueryData(keys.visits)).toEqual({ visits: [visit] });
  expect(queryClient.getQueryData(keys.worklist("2026-11-21", "mine"))).toEqual({
    rows: [
      { appointmentId: "7", visit: { id: visit.id, state: "processing", updatedAt: visit.updatedAt } },
      { appointmentId: "8", visit: null },
    ],
  });
  expect(asked).toHaveBeenCalledWith({ queryKey: keys.codes(visit.id) });
  expect(seen).toEqual([visit]);
  stop();
});

test("without a stream everything is asked again every three seconds, until it opens", () => {
  const { asked, streams, stop } = listen();
  streams[0]?.fails(0);
  expect(liveState.getState().state).toBe("polling");
  vi.advanceTimersByTime(6000);
  expect(asked).toHaveBeenCalledTimes(2 * 5);
  streams[0]?.opens();
  vi.advanceTimersByTime(60_000);
  expect(asked).toHaveBeenCalledTimes(2 * 5);
  expect(liveState.getState().state).toBe("live");
  stop();
});

test("a stream that was refused is opened again; one that only lost its connection is left to the browser", () => {
  const { streams, stop } = listen();
  streams[0]?.fails(0);
  vi.advanceTimersByTime(3000);
  expect(streams).toHaveLength(1);
  streams[0]?.fails(2);
  vi.advanceTimersByTime(3000);
  expect(streams).toHaveLength(2);
  stop();
});

test("an event that cannot be read is not shown; the truth is fetched", () => {
  const { asked, streams, seen, stop } = listen();
  streams[0]?.says("visit", { id: "nonsense" });
  expect(seen).toEqual([]);
  expect(asked).toHaveBeenCalled();
  stop();
});

test("after stopping nothing is asked any more", () => {
  const { asked, streams, stop } = listen();
  streams[0]?.fails(2);
  stop();
  vi.advanceTimersByTime(30_000);
  expect(asked).not.toHaveBeenCalled();
  expect(streams).toHaveLength(1);
});
