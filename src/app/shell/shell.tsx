import { Suspense, useDeferredValue, useEffect, useRef, useState } from "react";
import { RouterProvider as LinkProvider } from "react-aria-components";
import { Outlet, useHref, useLocation, useNavigate } from "react-router-dom";
import { useApp } from "#app/app-context.ts";
import { NewVersionNotice } from "#app/offline/new-version-notice.tsx";
import { isKeptHere } from "#app/first.ts";
import { useHeld } from "#app/queries.ts";
import { RecoverySheet } from "#app/recovery/recovery-sheet.tsx";
import { SignedOutNotice } from "#app/sign-in/signed-out-notice.tsx";
import { useUser } from "#app/sign-in/use-user.ts";
import { Skeleton } from "#ui/empty-state.tsx";
import { ErrorBoundary } from "./error-boundary.tsx";
import { Navigation } from "./navigation.tsx";
import { RecordingBar } from "./recording-bar.tsx";
import styles from "./shell.module.css";
import { TopBar } from "./top-bar.tsx";
import { useWorkstationLook } from "./use-workstation-look.ts";

/** What surrounds every screen after sign-in. */
export function Shell() {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  useFocusOnArrival(main, pathname);
  useWorkstationLook();
  const isScreenDue = useIsScreenDue();
  const isVisit = /^\/(?:visits\/|start\/)/u.test(pathname);
  return (
    // oxlint-disable-next-line react/hooks -- the provider takes the router's hook by design
    <LinkProvider navigate={(path) => void navigate(path)} useHref={useHref}>
      <a className={styles["skip"]} href="#main">
        Skip to the content
      </a>
      <div className={styles["frame"]}>
        <TopBar />
        <DemoStrip />
        <SignedOutNotice />
        <NewVersionNotice />
        <RecordingBar />
        <main id="main" className={styles["main"]} ref={main} tabIndex={-1}>
          <ErrorBoundary key={pathname}>
            <Suspense fallback={<Skeleton lines={6} />}>{isScreenDue && <Outlet />}</Suspense>
          </ErrorBoundary>
        </main>
        {!isVisit && <Navigation place="bottom" />}
      </div>
      <RecoverySheet />
    </LinkProvider>
  );
}

/** A vault that says nothing for so long does not hold up the screen. */
const patienceMs = 500;

/**
 * A clinician's screen is drawn after the offer of what was cut off, if there is one: it takes longer than the offer, and nobody waits
 * for it as much. Where the vault was not prepared (first.ts), it is not waited for.
 */
function useIsScreenDue(): boolean {
  const { role } = useUser();
  const { isFetched } = useHeld();
  const [isLate, setIsLate] = useState(role !== "clinician" || !isKeptHere);
  useEffect(() => {
    const timer = setTimeout(() => setIsLate(true), patienceMs);
    return () => clearTimeout(timer);
  }, []);
  return useDeferredValue(isFetched || isLate, false);
}

/** A new screen starts at its top, for the eye and for the screen reader; not on the first one. */
function useFocusOnArrival(main: React.RefObject<HTMLElement | null>, pathname: string): void {
  const last = useRef(pathname);
  useEffect(() => {
    if (last.current === pathname) return;
    last.current = pathname;
    main.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [main, pathname]);
}

function DemoStrip() {
  const { bootstrap } = useApp();
  if (bootstrap.demo === null) return null;
  return (
    <aside className={styles["demo"]} aria-label="Demonstration">
      {bootstrap.demo.banner}
    </aside>
  );
}
