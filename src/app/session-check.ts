/**
 * The vault sends by itself and meets a 401 first. In: its word that it waits for a sign-in. Out: the session is asked for, so that
 * the screen says so when it has ended; when it has not (the refusal was of a moment ago), the vault is told who is signed in.
 */
import type { SessionView } from "#protocol/bff.ts";
import type { VisitSession } from "./visit-session.ts";

/** A server that says both again and again is asked no more often than this. */
const restMs = 10_000;

export type SessionCheckParts = {
  bff: { session(): Promise<SessionView> };
  visits: Pick<VisitSession, "store" | "signedIn">;
  /** Who is signed in, as the page knows it. */
  userId(): string | undefined;
};

/** Returns how to stop. */
export function checkSession({ bff, visits, userId }: SessionCheckParts): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;
  const isWaiting = (): boolean => visits.store.getState().waiting === "sign_in";
  const check = async (): Promise<void> => {
    if (timer !== undefined || !isWaiting()) return;
    const view = await bff.session().catch(() => undefined);
    if (isStopped || view === undefined || view.user.id !== userId() || !isWaiting()) return;
    visits.signedIn(view.user.id);
    timer = setTimeout(checkAgain, restMs);
  };
  const checkAgain = (): void => {
    timer = undefined;
    void check();
  };
  const unsubscribe = visits.store.subscribe((view, before) => {
    if (view.waiting !== before.waiting) void check();
  });
  return () => {
    isStopped = true;
    clearTimeout(timer);
    unsubscribe();
  };
}
