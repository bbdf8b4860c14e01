/**
 * What stands on the screen of a workstation that was left: who is signed in, the running recording with Pause and Stop, and the
 * way back. No patient data. Why a button is enough, and when it is not: decisions/0010-offline-on-a-shared-workstation.md.
 */
import { EyeOff, LogIn, LogOut, Pause, Play, Square } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import { useApp } from "#app/app-context.ts";
import { chipWords } from "#app/recording/chip-words.ts";
import { RecordedTimer } from "#app/recording/recorded-timer.tsx";
import { useNow } from "#app/shell/use-now.ts";
import { Wordmark } from "#app/shell/wordmark.tsx";
import { useSignInAgain } from "#app/sign-in/use-sign-in-again.ts";
import { useSignOut } from "#app/sign-in/use-sign-out.tsx";
import { useUser } from "#app/sign-in/use-user.ts";
import { useRecording, useVisitSession } from "#app/use-recording.ts";
import { Banner } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import styles from "./cover.module.css";
import { reach } from "./reach.ts";

const askEveryMs = 30_000;

export function Cover({ onContinue }: { onContinue: () => void }) {
  const { bootstrap } = useApp();
  const place = useRef<HTMLElement>(null);
  useEffect(() => place.current?.focus(), []);
  const phase = useRecording((view) => view.phase);
  const isRecording = phase === "recording" || phase === "paused" || phase === "stopping";
  const minutes = Math.max(1, Math.round(bootstrap.workstationIdleMs / 60_000));
  return (
    // Overlays of the screens that are away must not hide it from a screen reader.
    <main
      ref={place}
      tabIndex={-1}
      className={styles["cover"]}
      data-react-aria-top-layer="true"
      aria-labelledby="cover-title"
    >
      <Wordmark />
      {isRecording && <Running isStopping={phase === "stopping"} isPaused={phase === "paused"} />}
      <h1 id="cover-title" className={styles["title"]}>
        <EyeOff aria-hidden="true" /> This screen is covered
      </h1>
      <p className={styles["text"]}>
        Nobody used this workstation for {minutes === 1 ? "a minute" : `${minutes} minutes`}. Patient data is hidden
        {isRecording ? "; the recording goes on." : "."}
      </p>
      <WayBack onContinue={onContinue} />
      {!isRecording && <SignOutHere />}
    </main>
  );
}

function SignOutHere() {
  const signOut = useSignOut();
  return (
    <>
      <Button kind="quiet" icon={<LogOut />} onPress={signOut.ask}>
        Somebody else works here: sign out
      </Button>
      {signOut.dialog}
    </>
  );
}

/** Words only: the cover stands outside the router, so nothing here may lead to another screen. */
function Status() {
  const nowMs = useNow(1000);
  const { state, kept, received } = useRecording(useShallow((view) => chipWords(view, nowMs)));
  return (
    <output className={styles["status"]} aria-label="Recording status" aria-live="off">
      <strong>{state}</strong>
      <span>{kept}</span>
      <span>{received}</span>
    </output>
  );
}

/** The recording without its patient. */
function Running({ isStopping, isPaused }: { isStopping: boolean; isPaused: boolean }) {
  const visits = useVisitSession();
  const isLost = useRecording((view) => view.warning === "microphone_lost");
  const ignore = () => undefined;
  return (
    <section className={styles["recording"]} aria-label="Recording in progress">
      <Status />
      <RecordedTimer className={styles["timer"]} />
      {isLost && (
        <Banner tone="danger" title="The microphone is gone">
          Connect it again, then press Resume.
        </Banner>
      )}
      <div className={styles["buttons"]}>
        <Button
          size="giant"
          icon={isPaused || isLost ? <Play fill="currentColor" /> : <Pause fill="currentColor" />}
          isDisabled={isStopping}
          onPress={() => (isPaused || isLost ? void visits.resume().catch(ignore) : visits.pause())}
        >
          {isPaused || isLost ? "Resume" : "Pause"}
        </Button>
        <Button
          kind="primary"
          size="giant"
          icon={<Square fill="currentColor" />}
          isPending={isStopping}
          onPress={() => void visits.stop().catch(ignore)}
        >
          Stop
        </Button>
      </div>
    </section>
  );
}

/** With a living session a button; after it ended OpenEMR's sign-in; where neither can be asked, words and a button. */
function WayBack({ onContinue }: { onContinue: () => void }) {
  const { session, bff } = useApp();
  const { status } = useStore(session);
  const { server } = useStore(reach);
  const { name } = useUser();
  const [isAsking, setIsAsking] = useState(false);
  useEffect(() => {
    const ask = () => void bff.session().catch(() => undefined);
    ask();
    const timer = setInterval(ask, askEveryMs);
    return () => clearInterval(timer);
  }, [bff]);
  if (status === "expired") return <SignInToContinue onContinue={onContinue} />;
  if (server === "away" || status === "kept") return <Unproved name={name} onContinue={onContinue} />;
  const goOn = () => {
    setIsAsking(true);
    // Refused or away: the store of the session or of the server says so, and another way back stands here.
    bff.session().then(onContinue, () => setIsAsking(false));
  };
  return (
    <Button kind="primary" size="large" isPending={isAsking} onPress={goOn}>
      Continue as {name}
    </Button>
  );
}

function Unproved({ name, onContinue }: { name: string; onContinue: () => void }) {
  return (
    <div className={styles["way"]}>
      <Banner tone="offline" title="Nobody can check who you are just now">
        The clinic server or OpenEMR is away, so Chartside asks for no password. Only {name} may go on: whatever is
        opened and recorded here stands under that name.
      </Banner>
      <Button kind="primary" size="large" onPress={onContinue}>
        I am {name}: continue
      </Button>
    </div>
  );
}

function SignInToContinue({ onContinue }: { onContinue: () => void }) {
  const { session } = useApp();
  const { name } = useUser();
  const again = useSignInAgain();
  useEffect(
    () =>
      session.subscribe(({ status }) => {
        if (status === "in") onContinue();
      }),
    [session, onContinue],
  );
  const { state } = again;
  return (
    <div className={styles["way"]}>
      <p className={styles["text"]}>The sign-in of {name} has ended. Sign in again to go on where you were.</p>
      {state === "failed" && <Banner tone="warn">That did not work. Try again, and allow pop-up windows.</Banner>}
      {state === "other_user" && <Banner tone="warn">This screen belongs to {name}.</Banner>}
      {state === "waiting" ? (
        <Button onPress={again.cancel}>Cancel signing in</Button>
      ) : (
        <Button kind="primary" size="large" icon={<LogIn />} onPress={again.start}>
          Sign in again
        </Button>
      )}
    </div>
  );
}
