/** What the signed-in app does so that it can go on without the clinic server, and when that is back. */
import { dateIn } from "#model/clock.ts";
import type { QueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useStore } from "zustand";
import { type App, useApp } from "#app/app-context.ts";
import { keepRow, liveState } from "#app/events.ts";
import { createQueryClient } from "#app/queries.ts";
import { leaveSession } from "#app/sign-in/session-store.ts";
import type { VisitSession } from "#app/visit-session.ts";
import { clinicOffset } from "./clinic-offset.ts";
import { createIdleWatch, type IdleWatch } from "./idle.ts";
import { keepAnswers, seedAnswers } from "./keep-answers.ts";
import { confirmSession } from "./load-start.ts";

/** A query cache that begins with the lists kept for this person. */
export function createSeededQueryClient({ session, kept }: App): QueryClient {
  const queryClient = createQueryClient();
  const { session: owner, answers } = kept.store.getState();
  const { user } = session.getState();
  seedAnswers(queryClient, owner !== undefined && owner.user.id === user?.id ? answers : []);
  return queryClient;
}

export function useOffline(queryClient: QueryClient, visits: VisitSession): void {
  const app = useApp();
  const { session, kept, bootstrap, clock } = app;
  const { user } = useStore(session);
  const userId = user?.id;
  useEffect(() => {
    if (userId === undefined) return undefined;
    const today = () => dateIn(bootstrap.clinic.timeZone, clock.now());
    return keepAnswers({ queryClient, kept, userId, today });
  }, [queryClient, kept, userId, bootstrap, clock]);

  useEffect(
    () =>
      liveState.subscribe((now, before) => {
        if (now.state === "live" && before.state === "polling") comeBack(app, queryClient, visits).catch(ignore);
      }),
    [app, queryClient, visits],
  );
  useSessionsEnd(app);

  useEffect(
    () =>
      visits.store.subscribe((view, before) => {
        if (view.phase !== "stopped" || before.phase === "stopped" || view.visitId === null) return;
        const updatedAt = new Date(clock.now()).toISOString();
        keepRow(queryClient, { id: view.visitId, state: "waiting_for_network", updatedAt, appointmentId: null });
      }),
    [visits, queryClient, clock],
  );
}

/** The clinic server is back: who is signed in, what is new, and what waits to be sent. */
async function comeBack(app: App, queryClient: QueryClient, visits: VisitSession): Promise<void> {
  const { bff, session, kept } = app;
  visits.sendNow();
  const askedAt = performance.now();
  const [bootstrap, view] = await Promise.all([bff.bootstrap(), bff.session()]);
  visits.wrapWith(bootstrap.journalPublicKey);
  const clockOffsetMs = clinicOffset(bootstrap, askedAt);
  if ((await confirmSession(app, view, { bootstrap, clockOffsetMs })) === "other_user") {
    await kept.erase();
    leaveSession(session);
    return;
  }
  await queryClient.invalidateQueries();
}

/** Twelve hours after the sign-in it is over, also where no server can say so. A running recording goes on. */
function useSessionsEnd({ session, kept, clock }: App): void {
  const { session: owner } = useStore(kept.store);
  const expiresAt = owner?.expiresAt;
  useEffect(() => {
    if (expiresAt === undefined) return undefined;
    const end = () => {
      void kept.erase();
      const { user } = session.getState();
      if (user !== null) session.setState({ status: "expired", user }, true);
    };
    const timer = setTimeout(end, Math.max(0, expiresAt - clock.now()));
    return () => clearTimeout(timer);
  }, [session, kept, clock, expiresAt]);
}

/** One watch for as long as somebody is signed in; it begins covered where nobody was for too long before the app was opened. */
export function useIdleWatch(): { isCovered: boolean; uncover: () => void } {
  const app = useApp();
  const [watch] = useState(() => watchOf(app));
  useEffect(() => watch.start(), [watch]);
  const { isCovered } = useStore(watch.store);
  return { isCovered, uncover: watch.uncover };
}

function watchOf({ bootstrap, clock, kept }: App): IdleWatch {
  const idleMs = bootstrap.workstationIdleMs;
  const owner = kept.store.getState().session;
  return createIdleWatch({
    idleMs,
    now: () => clock.now(),
    wasLeft: owner !== undefined && clock.now() - owner.seenAt >= idleMs,
    onSeen: (at) => void kept.seen(at),
    target: globalThis,
  });
}

function ignore(): void {
  // the next time the stream opens this is tried again
}
