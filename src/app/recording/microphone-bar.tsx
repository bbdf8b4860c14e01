import { ChevronDown, Mic, MicOff } from "lucide-react";
import { type Problem, toProblem } from "#model/problem.ts";
import { useState } from "react";
import { useShallow } from "zustand/react/shallow";

import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { useRecording, useVisitSession } from "#app/use-recording.ts";
import { useWorkstation } from "#app/use-workstation.ts";
import { Button } from "#ui/button.tsx";
import { Menu } from "#ui/menu.tsx";
import { useSpeaker } from "#ui/toast.tsx";
import { microphoneLabel, presetWords } from "./microphone-words.ts";
import styles from "./microphone-bar.module.css";

/** Which microphone hears, how it is set, and the way to another one; nothing of the recording is lost by changing. */
export function MicrophoneBar() {
  const microphone = useRecording((view) => view.microphone);
  const isLost = useRecording((view) => view.warning === "microphone_lost");
  const microphones = useRecording(useShallow((view) => view.microphones));
  const { change, isChanging, problem } = useChange();
  const preset = useWorkstation()?.preset;
  return (
    <>
      <div className={isLost ? `${styles["bar"]} ${styles["lost"]}` : styles["bar"]}>
        <span className={styles["name"]}>
          {isLost ? <MicOff aria-hidden="true" /> : <Mic aria-hidden="true" />}
          <span className="visually-hidden">Microphone: </span>
          <span className={styles["label"]}>{isLost ? "No microphone" : microphoneLabel(microphone)}</span>
        </span>
        {preset !== undefined && !isLost && <span className={styles["preset"]}>{presetWords[preset].label}</span>}
        {microphones.length > 0 && (
          <Menu
            label="Change the microphone"
            choices={microphones.map((choice) => ({
              id: choice.deviceId,
              label: microphoneLabel(choice),
              ...(choice.deviceId === microphone?.deviceId && !isLost ? { note: "In use", isDisabled: true } : {}),
              icon: <Mic />,
              onAction: () => change(choice),
            }))}
          >
            <Button size="small" kind="quiet" isPending={isChanging}>
              Change <ChevronDown className={styles["chevron"]} aria-hidden="true" />
            </Button>
          </Menu>
        )}
      </div>
      {problem !== undefined && <ProblemBanner problem={problem} />}
    </>
  );
}

function useChange() {
  const visits = useVisitSession();
  const { announce } = useSpeaker();
  const [isChanging, setIsChanging] = useState(false);
  const [problem, setProblem] = useState<Problem | undefined>();
  const change = (choice: { deviceId: string; label: string }) => {
    setIsChanging(true);
    setProblem(undefined);
    visits
      .switchMicrophone(choice.deviceId)
      .then(() => announce(`Recording with ${microphoneLabel(choice)}`))
      .catch((thrown: unknown) => setProblem(toProblem(thrown)))
      .finally(() => setIsChanging(false));
  };
  return { change, isChanging, problem };
}
