import { useState } from "react";
import { type Problem, problem as problemOf, toProblem } from "#model/problem.ts";
import { LaunchAsked } from "#protocol/bff-launch.ts";
import { useApp } from "#app/app-context.ts";
import { problemWords } from "#app/problem-words.ts";
import { Splash } from "#app/shell/splash.tsx";
import { useOnce } from "#app/shell/use-once.ts";
import { Button } from "#ui/button.tsx";
import { OutsidePage } from "./outside-page.tsx";

/** `/launch?iss=...&launch=...`: OpenEMR's page of a patient opens Chartside. Goes on to OpenEMR's sign-in, or says why not. */
export function LaunchPage({ onLeave }: { onLeave: () => void }) {
  const { bootstrap, bff } = useApp();
  const [problem, setProblem] = useState<Problem | undefined>();
  useOnce(() => {
    const begin = async (): Promise<void> => {
      const asked = readLaunch();
      const { signInForPatient } = await import("#app/sign-in/user-manager.ts");
      await signInForPatient(bootstrap, bff, asked);
    };
    begin().catch((thrown: unknown) => setProblem(toProblem(thrown)));
  });

  if (problem === undefined) return <Splash />;
  const { title, sentence } = problemWords(problem.code);
  const leave = () => {
    history.replaceState(null, "", "/");
    onLeave();
  };
  return (
    <OutsidePage title={title} texts={[sentence]}>
      <Button kind="primary" size="large" onPress={leave}>
        Open Chartside without a patient
      </Button>
    </OutsidePage>
  );
}

function readLaunch(): LaunchAsked {
  const asked = LaunchAsked.safeParse(Object.fromEntries(new URLSearchParams(location.search)));
  if (!asked.success) throw problemOf("launch_refused", { field: "launch" });
  return asked.data;
}
