import { Check, Mic, Play, Timer } from "lucide-react";
import { useShallow } from "zustand/react/shallow";
import { levelWords } from "#app/clinical/level-words.ts";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { microphoneLabel, rememberedWords } from "#app/recording/microphone-words.ts";
import { PresetChoice } from "#app/recording/preset-choice.tsx";
import { useRecording, useVisitSession } from "#app/use-recording.ts";
import { useRemember, useWorkstation } from "#app/use-workstation.ts";
import { Banner } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { Card } from "#ui/card.tsx";
import { LevelMeter } from "#ui/level-meter.tsx";
import { Select } from "#ui/select.tsx";
import type { Preset } from "#visit/capture/microphone.ts";
import styles from "./microphone-card.module.css";
import { type MicrophoneCheck, testMs } from "./use-microphone.ts";

/** Is the right microphone on, and does it hear? */
export function MicrophoneCard({ check }: { check: MicrophoneCheck }) {
  const isOpen = check.state === "open";
  const reopen = useReopen(check);
  return (
    <Card title="Microphone" icon={<Mic />}>
      {check.problem?.code === "microphone_denied" && <Denied onRetry={() => reopen()} />}
      {check.problem !== undefined && check.problem.code !== "microphone_denied" && (
        <ProblemBanner problem={check.problem} onAction={() => reopen()} />
      )}
      {!isOpen && check.problem === undefined && (
        <div className={styles["off"]}>
          <p>The browser asks once whether this site may use the microphone.</p>
          <Button icon={<Mic />} isPending={check.state === "opening"} onPress={() => reopen()}>
            Turn on the microphone
          </Button>
        </div>
      )}
      {isOpen && <Open check={check} onChoose={reopen} />}
    </Card>
  );
}

/** Opening remembers the choice on this workstation; the name goes with it, to say later which one is missing. */
function useReopen(check: MicrophoneCheck): Reopen {
  const visits = useVisitSession();
  const { mutate: remember } = useRemember();
  return (choice) => {
    check.open(choice).then(
      () => choice !== undefined && remember({ deviceLabel: visits.store.getState().microphone?.label ?? null }),
      () => undefined,
    );
  };
}

type Reopen = (choice?: { deviceId?: string; preset?: Preset }) => void;

function Open({ check, onChoose }: { check: MicrophoneCheck; onChoose: Reopen }) {
  const level = levelWords(useRecording((view) => view.level));
  const microphone = useRecording((view) => view.microphone);
  const microphones = useRecording(useShallow((view) => view.microphones));
  const preset = useWorkstation()?.preset ?? "in_room";
  return (
    <>
      <LevelMeter label="Microphone level" {...level} />
      <Select
        label="Device"
        value={microphone?.deviceId ?? null}
        choices={microphones.map((known) => ({ value: known.deviceId, label: microphoneLabel(known) }))}
        onChange={(deviceId) => onChoose({ deviceId })}
      />
      <Remembered />
      <PresetChoice value={preset} onChange={(next) => onChoose({ preset: next })} />
      <Test check={check} />
    </>
  );
}

/** Whether this is the microphone that was chosen here before, or another in its place. */
function Remembered() {
  const workstation = useWorkstation();
  const microphone = useRecording((view) => view.microphone);
  if (workstation === undefined || workstation.deviceId === null) return null;
  const usual = { deviceId: workstation.deviceId, label: workstation.deviceLabel ?? "" };
  const remembered = rememberedWords(usual, microphone);
  if (remembered === undefined) return null;
  if (remembered.tone === "warn") return <Banner tone="warn">{remembered.words}</Banner>;
  return (
    <p className={styles["remembered"]}>
      <Check aria-hidden="true" /> {remembered.words}
    </p>
  );
}

function Test({ check }: { check: MicrophoneCheck }) {
  const { testState } = check;
  return (
    <div className={styles["test"]}>
      <Button icon={<Timer />} isPending={testState.kind === "running"} onPress={check.test}>
        {testState.kind === "done" ? "Test again" : `Test for ${testMs / 1000} seconds`}
      </Button>
      {testState.kind === "done" && (
        <Button icon={<Play />} onPress={() => void testState.result.play()}>
          Play the test
        </Button>
      )}
      <output className={styles["result"]}>
        {testState.kind === "running" && "Say a sentence…"}
        {testState.kind === "done" && `Heard: ${levelWords(testState.result).words}. The test is not kept.`}
      </output>
    </div>
  );
}

/** What to do in this browser; nothing is reloaded. */
function Denied({ onRetry }: { onRetry: () => void }) {
  const isFirefox = navigator.userAgent.includes("Firefox");
  return (
    <Banner
      tone="danger"
      title="The browser does not allow the microphone"
      action={<Button onPress={onRetry}>Try again</Button>}
    >
      <ol className={styles["steps"]}>
        <li>
          {isFirefox
            ? "Click the crossed-out microphone to the left of the address."
            : "Click the icon to the left of the address."}
        </li>
        <li>{isFirefox ? "Remove the block beside “Use the microphone”." : "Turn “Microphone” on for this site."}</li>
        <li>Come back here and press Try again. No reload is needed.</li>
      </ol>
      <p>If the switch is grey, your organisation decides: ask your administrator.</p>
    </Banner>
  );
}
