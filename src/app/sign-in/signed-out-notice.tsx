import { LogIn } from "lucide-react";
import { useStore } from "zustand";
import { useApp } from "#app/app-context.ts";
import { useRecording } from "#app/use-recording.ts";
import { Banner } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { useKeptPerson } from "#app/offline/still-record.tsx";
import { goOnWithout, leaveSession } from "./session-store.ts";
import { type SignInAgain, useSignInAgain } from "./use-sign-in-again.ts";
import { useUser } from "./use-user.ts";

/**
 * The sign-in has ended while the page was open, or there was none. During a recording it is a banner, since nothing may come
 * between the clinician and Stop; otherwise a dialog over the screen, which keeps what was typed.
 */
export function SignedOutNotice() {
  const { session } = useApp();
  const { status } = useStore(session);
  const phase = useRecording((view) => view.phase);
  const again = useSignInAgain();
  const user = useUser();
  const isRecording = phase === "recording" || phase === "paused" || phase === "stopping";
  const words = wordsOf(again.state, user.name);
  if (status === "kept") return <WithoutSession again={again} words={words} />;
  if (status !== "expired") return null;
  if (!isRecording) return <SignInDialog again={again} words={words} />;
  return (
    <Banner tone="warn" isFlat title="You are signed out. The recording goes on." action={<Buttons again={again} />}>
      {words ?? "It is kept on this device and sent when you sign in again."}
    </Banner>
  );
}

type AgainProps = { again: SignInAgain; words: string | undefined };

/** OpenEMR could not be asked: recording works, everything else waits. */
function WithoutSession({ again, words }: AgainProps) {
  const { name } = useUser();
  return (
    <Banner tone="offline" isFlat title={`Recording as ${name}, not signed in`} action={<Buttons again={again} />}>
      {words ?? "What you record is kept on this device. It is sent, and notes are written, once you sign in again."}
    </Banner>
  );
}

function SignInDialog({ again, words }: AgainProps) {
  const app = useApp();
  const user = useUser();
  const person = useKeptPerson();
  const leave = async () => {
    await app.kept.erase();
    leaveSession(app.session);
  };
  return (
    <Dialog
      isOpen
      mustAnswer
      onClose={() => undefined}
      title="You are signed out"
      actions={
        <>
          <Button onPress={() => void leave()}>Leave this page</Button>
          {again.state === "failed" && person?.user.id === user.id && (
            <Button onPress={() => goOnWithout(app.session, user)}>Record without signing in</Button>
          )}
          <Buttons again={again} />
        </>
      }
    >
      <p>Your sign-in has ended. Sign in again to go on where you were; nothing on this screen is lost.</p>
      {words !== undefined && <Banner tone="warn">{words}</Banner>}
    </Dialog>
  );
}

function Buttons({ again }: { again: SignInAgain }) {
  if (again.state === "waiting") {
    return <Button onPress={again.cancel}>Cancel signing in</Button>;
  }
  return (
    <Button kind="primary" icon={<LogIn />} onPress={again.start}>
      Sign in again
    </Button>
  );
}

function wordsOf(state: SignInAgain["state"], name: string): string | undefined {
  if (state === "waiting") return "Finish signing in in the other window. If you closed it, cancel and try again.";
  if (state === "failed") return "That did not work. Try again; allow pop-up windows for this site if none appeared.";
  return state === "other_user" ? `This page belongs to ${name}. Only ${name} can go on here.` : undefined;
}
