/**
 * Everything before sign-in, and the door to what comes after. The signed-in app is another script: a screen that asks for
 * a password loads only what it needs.
 */
import { createOffsetClock } from "#model/clock.ts";
import { type Problem, ProblemError, toProblem } from "#model/problem.ts";
import type { Bootstrap } from "#protocol/bff.ts";
import { lazy, type ReactNode, StrictMode, Suspense, useEffect, useMemo, useState } from "react";
import { SpeakerProvider } from "#ui/toast.tsx";
import { useStore } from "zustand";
import { AppContext } from "./app-context.ts";
import type { Bff } from "./bff.ts";
import type { AppVersion } from "./offline/app-version.ts";
import { CallbackPage } from "./pages/callback.tsx";
import { SignInPage } from "./pages/sign-in.tsx";
import { UnreachablePage } from "./pages/unreachable.tsx";
import { ErrorBoundary } from "./shell/error-boundary.tsx";
import { Splash } from "./shell/splash.tsx";
import { enterSession, type SessionStore } from "./sign-in/session-store.ts";

const SignedIn = lazy(async () => ({ default: (await import("./signed-in.tsx")).SignedIn }));

type Start = { kind: "loading" } | { kind: "unreachable"; problem: Problem } | { kind: "ready"; bootstrap: Bootstrap };

type RootProps = { bff: Bff; session: SessionStore; version: AppVersion };

export function Root({ bff, session, version }: RootProps) {
  const [start, setStart] = useState<Start>({ kind: "loading" });
  const isLoading = start.kind === "loading";
  useEffect(() => {
    if (!isLoading) return;
    loadStart(bff, session).then(setStart, (thrown: unknown) =>
      setStart({ kind: "unreachable", problem: toProblem(thrown) }),
    );
  }, [bff, session, isLoading]);
  const retry = () => setStart({ kind: "loading" });
  return (
    <StrictMode>
      <SpeakerProvider>
        <ErrorBoundary>
          {start.kind === "loading" && <Splash />}
          {start.kind === "unreachable" && <UnreachablePage problem={start.problem} onRetry={retry} />}
          {start.kind === "ready" && (
            <WithApp bff={bff} session={session} version={version} bootstrap={start.bootstrap}>
              <Door session={session} />
            </WithApp>
          )}
        </ErrorBoundary>
      </SpeakerProvider>
    </StrictMode>
  );
}

async function loadStart(bff: Bff, session: SessionStore): Promise<Start> {
  const bootstrap = await bff.bootstrap();
  try {
    const { user } = await bff.session();
    enterSession(session, user);
  } catch (thrown) {
    // A 401 has already been told to the session store by the client.
    if (!(thrown instanceof ProblemError) || thrown.problem.code !== "signed_out") throw thrown;
  }
  return { kind: "ready", bootstrap };
}

function WithApp(props: RootProps & { bootstrap: Bootstrap; children: ReactNode }) {
  const { bff, session, version, bootstrap, children } = props;
  const app = useMemo(
    () => ({ bff, session, version, bootstrap, clock: clinicClock(bootstrap) }),
    [bff, session, version, bootstrap],
  );
  return <AppContext value={app}>{children}</AppContext>;
}

/** Workstation clocks are wrong; the clinic server's is the one in the chart. */
function clinicClock(bootstrap: Bootstrap) {
  return createOffsetClock(Date.parse(bootstrap.now) - Date.now());
}

function Door({ session }: { session: SessionStore }) {
  const { status } = useStore(session);
  const [isCallback, setIsCallback] = useState(location.pathname === "/callback");
  if (isCallback) return <CallbackPage onDone={() => setIsCallback(false)} />;
  if (status === "in" || status === "expired") {
    return (
      <Suspense fallback={<Splash />}>
        <SignedIn />
      </Suspense>
    );
  }
  return <SignInPage />;
}
