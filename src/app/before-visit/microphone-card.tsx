import { Mic, Play, Timer } from "lucide-react";
import { levelWords } from "#app/clinical/level-words.ts";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { useRecording } from "#app/use-recording.ts";
import { Banner } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { Card } from "#ui/card.tsx";
import { LevelMeter } from "#ui/level-meter.tsx";
import { Select } from "#ui/select.tsx";
import styles from "./microphone-card.module.css";
import { type MicrophoneCheck, testMs } from "./use-microphone.ts";

/** Is the right microphone on, and does it hear? */
export function MicrophoneCard({ check }: { check: MicrophoneCheck }) {
  const isOpen = check.state === "open";
  const reopen = (deviceId?: string) => void check.open(deviceId).catch(() => undefined);
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

function Open({ check, onChoose }: { check: MicrophoneCheck; onChoose: (deviceId: string) => void }) {
  const level = levelWords(useRecording((view) => view.level));
  const devices = check.devices.map(({ deviceId, label }) => ({ value: deviceId, label: label || "Microphone" }));
  return (
    <>
      <LevelMeter label="Microphone level" {...level} />
      <Select label="Device" value={check.deviceId ?? null} choices={devices} onChange={onChoose} />
      <Test check={check} />
    </>
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
