import { CircleCheck, CloudOff, FileCheck2, LogIn, Mic, ShieldCheck } from "lucide-react";
import { useState } from "react";
import { type Problem, toProblem } from "#model/problem.ts";
import { useApp } from "#app/app-context.ts";
import { problemWords } from "#app/problem-words.ts";
import { StillRecord } from "#app/offline/still-record.tsx";
import { Wordmark } from "#app/shell/wordmark.tsx";
import { DemoAccounts } from "#app/sign-in/demo-accounts.tsx";
import { useOpenEmrState } from "#app/sign-in/use-openemr-state.ts";
import { Banner } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { StatusChip } from "#ui/status-chip.tsx";
import styles from "./sign-in.module.css";

/** What this is, whether OpenEMR answers, and the one button. */
export function SignInPage() {
  const { bootstrap } = useApp();
  return (
    <div className={styles["page"]}>
      <header className={styles["top"]}>
        <Wordmark />
        <span className={styles["clinic"]}>{bootstrap.clinic.name}</span>
      </header>
      <main className={styles["main"]}>
        <section className={styles["intro"]}>
          <h1 className={styles["heading"]}>Talk with your patient. Read, correct and sign the note.</h1>
          <p className={styles["lead"]}>
            Chartside records a visit, drafts a SOAP note from what was said, and files it into OpenEMR once you have
            read and signed it.
          </p>
          <SignInPanel />
        </section>
        <aside className={styles["aside"]}>
          {bootstrap.demo !== null && <DemoAccounts demo={bootstrap.demo} />}
          <Promises />
        </aside>
      </main>
    </div>
  );
}

function SignInPanel() {
  const { bootstrap, bff } = useApp();
  const [isLeaving, setIsLeaving] = useState(false);
  const [problem, setProblem] = useState<Problem | undefined>();
  const { isUp, ask } = useOpenEmrState();
  const signIn = async () => {
    setIsLeaving(true);
    setProblem(undefined);
    try {
      // OpenEMR's page would not come up: better to stay on ours, which says what can still be done.
      if (!(await ask())) {
        setIsLeaving(false);
        return;
      }
      const { signInByRedirect } = await import("#app/sign-in/user-manager.ts");
      await signInByRedirect(bootstrap, bff, location.pathname);
    } catch (thrown) {
      setProblem(toProblem(thrown));
      setIsLeaving(false);
    }
  };
  return (
    <div className={styles["panel"]}>
      {!isUp && <StillRecord />}
      {problem !== undefined && (
        <Banner tone="danger" title={problemWords(problem.code).title}>
          {problemWords(problem.code).sentence}
        </Banner>
      )}
      <Button kind="primary" size="large" icon={<LogIn />} isPending={isLeaving} onPress={() => void signIn()}>
        Sign in with OpenEMR
      </Button>
      <p className={styles["health"]}>
        <StatusChip tone={isUp ? "good" : "warn"} icon={isUp ? <CircleCheck /> : <CloudOff />}>
          {isUp ? "OpenEMR is up" : "OpenEMR is down"}
        </StatusChip>
        <span>You use the account you already have. Chartside never sees your password.</span>
      </p>
    </div>
  );
}

function Promises() {
  return (
    <ul className={styles["promises"]}>
      {promises.map(({ icon, title, text }) => (
        <li key={title} className={styles["promise"]}>
          <span className={styles["promiseIcon"]} aria-hidden="true">
            {icon}
          </span>
          <div>
            <h2 className={styles["promiseTitle"]}>{title}</h2>
            <p className={styles["promiseText"]}>{text}</p>
          </div>
        </li>
      ))}
    </ul>
  );
}

const promises = [
  {
    icon: <Mic />,
    title: "Saved while you speak",
    text: "Audio is encrypted on this device's disk first. No network, no problem: it is sent later.",
  },
  {
    icon: <FileCheck2 />,
    title: "Every sentence can be traced",
    text: "Each line of the draft shows the words it came from. What nobody said is marked.",
  },
  {
    icon: <ShieldCheck />,
    title: "Nothing is filed without you",
    text: "You edit and sign. Then the note is written once, read back and compared.",
  },
];
