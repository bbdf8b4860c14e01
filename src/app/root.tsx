/**
 * Everything before sign-in, and the door to what comes after. The signed-in app is another script: a screen that asks for
 * a password loads only what it needs.
 */
import { createOffsetClock } from "#model/clock.ts";
import {
  type ComponentType,
  lazy,
  type ReactNode,
  StrictMode,
  Suspense,
  useCallback,
  useEffect,
  useMemo,
  useState,
} from "react";
import { SpeakerProvider } from "#ui/toast.tsx";
import { useStore } from "zustand";
import { AppContext } from "./app-context.ts";
import type { Bff } from "./bff.ts";
import type { AppVersion } from "./offline/app-version.ts";
import type { Kept } from "./offline/kept.ts";
import type { Known, Start } from "./offline/load-start.ts";
import { CallbackPage } from "./pages/callback.tsx";
import { LaunchPage } from "./pages/launch.tsx";
import { SignInPage } from "./pages/sign-in.tsx";
import { UnreachablePage } from "./pages/unreachable.tsx";
import { ErrorBoundary } from "./shell/error-boundary.tsx";
import { Splash } from "./shell/splash.tsx";
import type { SessionStore } from "./sign-in/session-store.ts";

let readSignedIn: ComponentType | undefined;
export const loadSignedIn = async () => (readSignedIn = (await import("./signed-in.tsx")).SignedIn);
const LazySignedIn = lazy(async () => ({ default: await loadSignedIn() }));

/** Where the script has been read already there is nothing to wait for: once React shows a splash, it shows it for 300 ms. */
function SignedIn() {
  const [App] = useState<ComponentType>(() => readSignedIn ?? LazySignedIn);
  return <App />;
}

/** `open` asks again who is here; `opening` is the first time, begun before anything was drawn. */
type RootProps = {
  bff: Bff;
  session: SessionStore;
  kept: Kept;
  version: AppVersion;
  opening: Promise<Start>;
  open(): Promise<Start>;
};

export function Root(props: RootProps) {
  const { session, open } = props;
  const [start, setStart] = useState<Start | { kind: "loading" }>({ kind: "loading" });
  const [opening, setOpening] = useState(props.opening);
  useEffect(() => void opening.then(setStart), [opening]);
  const retry = useCallback(() => {
    setStart({ kind: "loading" });
    setOpening(open());
  }, [open]);
  return (
    <StrictMode>
      <SpeakerProvider>
        <ErrorBoundary>
          {start.kind === "loading" && <Splash />}
          {start.kind === "unreachable" && <UnreachablePage problem={start.problem} onRetry={retry} />}
          {start.kind === "ready" && (
            <WithApp {...props} known={start}>
              <Door session={session} />
            </WithApp>
          )}
        </ErrorBoundary>
      </SpeakerProvider>
    </StrictMode>
  );
}

function WithApp(props: RootProps & { known: Known; children: ReactNode }) {
  const { bff, session, kept, version, known, children } = props;
  const { bootstrap, clockOffsetMs } = known;
  const app = useMemo(
    // Workstation clocks are wrong; the clinic server's is the one in the chart.
    () => ({ bff, session, kept, version, bootstrap, clockOffsetMs, clock: createOffsetClock(clockOffsetMs) }),
    [bff, session, kept, version, bootstrap, clockOffsetMs],
  );
  return <AppContext value={app}>{children}</AppContext>;
}

function Door({ session }: { session: SessionStore }) {
  const { status } = useStore(session);
  const [isCallback, setIsCallback] = useState(location.pathname === "/callback");
  const [isLaunch, setIsLaunch] = useState(location.pathname === "/launch");
  if (isCallback) return <CallbackPage onDone={() => setIsCallback(false)} />;
  if (isLaunch) return <LaunchPage onLeave={() => setIsLaunch(false)} />;
  if (status === "in" || status === "expired" || status === "kept") {
    return (
      <Suspense fallback={<Splash />}>
        <SignedIn />
      </Suspense>
    );
  }
  return <SignInPage />;
}
