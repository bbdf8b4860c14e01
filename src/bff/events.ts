/**
 * Live status. In: "this visit changed", "the desk's queue changed". Out: server-sent events to the pages that may know. Each
 * change is in the log before it is sent; after a restart every page is told to fetch everything again, because a change may
 * have been stored in the moment before its event was.
 */
import type { VisitId } from "#model/id.ts";
import type { Clock } from "#model/clock.ts";
import type { VisitView } from "#protocol/bff.ts";
import type { Events, Log } from "./context.ts";
import { createEventLog, type Audience, type Change, type EventLog, type Logged } from "./event-log.ts";
import type { Listener } from "./event-stream.ts";
import { errorFields } from "./log.ts";
import type { Store } from "./store/store.ts";

export type EventsParts = {
  store: Store;
  clock: Clock;
  log: Log;
  viewOf: (visitId: VisitId) => Promise<VisitView>;
};

export type LiveEvents = Events & {
  /** Adds a stream; first it gets what it missed since `lastSeq`, undefined for a page that has just fetched everything. */
  listen(listener: Listener, lastSeq: number | undefined): Promise<void>;
  /** Cuts the streams of a session. */
  dropSession(sessionHash: string): void;
  /** Once at the start: pages that reconnect fetch everything again. */
  begin(): Promise<void>;
  /** To be called every 20 s: keeps connections open and cuts those whose session is over. */
  beat(): Promise<void>;
  prune(): Promise<void>;
  /** Tells every page to come back, and ends the streams. */
  stop(): Promise<void>;
};

export function createEvents(parts: EventsParts): LiveEvents {
  const eventLog = createEventLog(parts);
  const listeners = new Set<Listener>();
  const publish = createPublisher(parts, eventLog, listeners);
  return {
    visitChanged: (visitId, clinicianId) => publish({ name: "visit", audience: `clinician:${clinicianId}`, visitId }),
    followUpsChanged: () => publish({ name: "follow_ups", audience: "desk", visitId: null }),
    begin: () => publish({ name: "reset", audience: "all", visitId: null }),
    listen: async (listener, lastSeq) => {
      listeners.add(listener);
      listener.onClose(() => listeners.delete(listener));
      await catchUp({ ...parts, eventLog }, listener, lastSeq);
    },
    dropSession: (sessionHash) => {
      for (const listener of listeners) if (listener.sessionHash === sessionHash) listener.close();
    },
    beat: async () => {
      for (const listener of listeners) {
        if (await listener.isLive()) listener.comment();
        else listener.close();
      }
    },
    prune: () => eventLog.prune(),
    stop: async () => {
      for (const listener of listeners) {
        listener.send({ name: "reconnect", data: {} });
        listener.close();
      }
    },
  };
}

/** Changes that come while others are being stored go together in the next transaction, and out in the order of their rows. */
function createPublisher(
  parts: EventsParts,
  eventLog: EventLog,
  listeners: ReadonlySet<Listener>,
): (change: Change) => Promise<void> {
  let pending: { change: Change; done: () => void }[] = [];
  let isRunning = false;
  const run = async (): Promise<void> => {
    isRunning = true;
    while (pending.length > 0) {
      const batch = pending;
      pending = [];
      try {
        const logged = await eventLog.append(batch.map(({ change }) => change));
        for (const event of logged) await deliver(parts, listeners, event);
      } catch (thrown) {
        // The change itself is stored; pages see it when they next fetch.
        parts.log.error({ ...errorFields(thrown), count: batch.length }, "events were not sent");
      }
      for (const { done } of batch) done();
    }
    isRunning = false;
  };
  return (change) =>
    new Promise((resolve) => {
      pending.push({ change, done: resolve });
      if (!isRunning) void run();
    });
}

async function deliver(parts: EventsParts, listeners: ReadonlySet<Listener>, event: Logged): Promise<void> {
  const hearing = [...listeners].filter((listener) => hears(listener, event.audience));
  if (hearing.length === 0) return;
  const data = await dataOf(parts, event);
  for (const listener of hearing) listener.send({ seq: event.seq, name: event.name, data });
}

function hears({ audiences }: Listener, audience: Audience): boolean {
  return audiences.includes(audience);
}

async function dataOf({ viewOf }: Pick<EventsParts, "viewOf">, event: Logged): Promise<object> {
  return event.name === "visit" ? viewOf(event.visitId) : {};
}

type CatchUpParts = EventsParts & { eventLog: EventLog };

/** What happens meanwhile waits in the listener until it has caught up. */
async function catchUp(parts: CatchUpParts, listener: Listener, lastSeq: number | undefined): Promise<void> {
  const newest = await parts.eventLog.lastSeq();
  const missed = lastSeq === undefined ? [] : await parts.eventLog.since(lastSeq, listener.audiences);
  if (missed === "reset") listener.release([{ seq: newest, name: "reset", data: {} }], newest);
  else {
    const frames = [];
    for (const event of missed) {
      frames.push({ seq: event.seq, name: event.name, data: await dataOf(parts, event) });
    }
    listener.release(frames, Math.max(newest, frames.at(-1)?.seq ?? 0));
  }
}
