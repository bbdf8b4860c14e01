/**
 * The app after sign-in: query cache, visit session, live events, router. The visit session belongs to the tab, not to a
 * screen, so recording goes on whatever is shown; what it holds survives a crash in the journal.
 */
import { focusManager, type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { RouterProvider } from "react-router-dom";
import { useStore } from "zustand";
import { useApp } from "./app-context.ts";
import { startEvents } from "./events.ts";
import { followHeld } from "./follow-held.ts";
import { Cover } from "./offline/cover.tsx";
import { Room } from "./offline/room.tsx";
import { createSeededQueryClient, useIdleWatch, useOffline } from "./offline/use-offline.ts";
import { keys } from "./queries.ts";
import { createAppRouter } from "./routes.tsx";
import { checkSession } from "./session-check.ts";
import { openVisitSession } from "./open-visit-session.ts";
import { takeHeldAtStart } from "./prepared-vault.ts";
import { ErrorBoundary } from "./shell/error-boundary.tsx";
import { VisitSessionContext } from "./use-recording.ts";
import type { VisitSession } from "./visit-session.ts";

export function SignedIn() {
  const app = useApp();
  const { bff, bootstrap, clock, clockOffsetMs, session } = app;
  const { status, user } = useStore(session);
  const [queryClient] = useState(() => withHeld(createSeededQueryClient(app)));
  const [visits] = useState(() => openVisitSession(clock, { journalKey: bootstrap.journalPublicKey, clockOffsetMs }));
  const [router] = useState(createAppRouter);

  useEffect(
    () => visits.onHeldChange(() => void queryClient.invalidateQueries({ queryKey: keys.held })),
    [visits, queryClient],
  );

  useSessionCheck(visits);
  useOffline(queryClient, visits);
  const { isCovered, uncover } = useIdleWatch();
  // Nobody is there to read: lists are not asked for, and the session may end for want of use.
  useEffect(() => focusManager.setFocused(isCovered ? false : undefined), [isCovered]);

  const isIn = status === "in";
  const clinicianId = user?.id;
  useEffect(() => {
    if (!isIn || clinicianId === undefined) {
      visits.signedOut();
      return undefined;
    }
    visits.signedIn(clinicianId);
    const stops = [
      startEvents({ queryClient, onVisit: (visit) => void visits.visitChanged(visit) }),
      followHeld({ bff, visits, clinicianId }),
    ];
    return () => stops.forEach((stop) => stop());
  }, [isIn, clinicianId, visits, queryClient, bff]);

  // A cover that cannot be drawn must not end the recording behind it.
  const cover = (
    <ErrorBoundary>
      <Cover onContinue={uncover} />
    </ErrorBoundary>
  );
  return (
    <QueryClientProvider client={queryClient}>
      <VisitSessionContext value={visits}>
        <Room isCovered={isCovered} cover={cover}>
          <RouterProvider router={router} />
        </Room>
      </VisitSessionContext>
    </QueryClientProvider>
  );
}

/** A visit that was cut off is offered with the first drawing. The vault is asked all the same: by now it may know more. */
function withHeld(queryClient: QueryClient): QueryClient {
  const held = takeHeldAtStart();
  if (held === undefined) return queryClient;
  queryClient.setQueryData(keys.held, held);
  void queryClient.invalidateQueries({ queryKey: keys.held, exact: true, refetchType: "none" });
  return queryClient;
}

function useSessionCheck(visits: VisitSession): void {
  const { bff, session } = useApp();
  useEffect(() => checkSession({ bff, visits, userId: () => session.getState().user?.id }), [visits, bff, session]);
}
