/** The microphone before the visit: opened when allowed, chosen, tested. It stays open for Start; leaving closes it. */
import { useCallback, useEffect, useRef, useState } from "react";
import { type Problem, toProblem } from "#model/problem.ts";
import { useVisitSession } from "#app/use-recording.ts";
import type { MicrophoneTest } from "#app/visit-session.ts";
import type { Preset } from "#visit/capture/microphone.ts";

export type TestState = { kind: "none" } | { kind: "running" } | { kind: "done"; result: MicrophoneTest };

export type MicrophoneCheck = {
  state: "closed" | "opening" | "open";
  problem: Problem | undefined;
  /** Rejects with the problem, which is shown too. Without a choice: what this workstation remembers. */
  open: (choice?: { deviceId?: string; preset?: Preset }) => Promise<void>;
  test: () => void;
  testState: TestState;
  /** Call before navigating to the recording, so that leaving this screen does not close the microphone. */
  keepOpen: () => void;
};

export const testMs = 5000;

export function useMicrophone(): MicrophoneCheck {
  const visits = useVisitSession();
  const [state, setState] = useState<MicrophoneCheck["state"]>("closed");
  const [problem, setProblem] = useState<Problem | undefined>();
  const { testState, test, clear } = useTest(setProblem);
  const isKept = useRef(false);

  const open = useCallback(
    async (choice?: { deviceId?: string; preset?: Preset }) => {
      setState("opening");
      setProblem(undefined);
      clear();
      try {
        await visits.openMicrophone(choice);
        setState("open");
      } catch (thrown) {
        setProblem(toProblem(thrown));
        setState("closed");
        throw thrown;
      }
    },
    [visits, clear],
  );

  useEffect(() => {
    isKept.current = false;
    // Only where the browser will not ask: a prompt without a click puzzles.
    void isAllowed().then((allowed) => (allowed ? open().catch(() => undefined) : undefined));
    return () => {
      if (!isKept.current) visits.closeMicrophone();
    };
  }, [visits, open]);

  return {
    state,
    problem,
    open,
    test,
    testState,
    keepOpen: () => {
      isKept.current = true;
    },
  };
}

/** Five seconds of the open microphone, to be listened to and thrown away. */
function useTest(onProblem: (problem: Problem) => void) {
  const visits = useVisitSession();
  const [testState, setTestState] = useState<TestState>({ kind: "none" });
  const clear = useCallback(() => setTestState({ kind: "none" }), []);
  const test = () => {
    setTestState({ kind: "running" });
    visits.testMicrophone(testMs).then(
      (result) => setTestState({ kind: "done", result }),
      (thrown: unknown) => {
        onProblem(toProblem(thrown));
        clear();
      },
    );
  };
  return { testState, test, clear };
}

async function isAllowed(): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name: "microphone" })).state === "granted";
  } catch {
    return false;
  }
}
