import { MicOff } from "lucide-react";
import type { ReactNode } from "react";
import type { RecordingView } from "#model/recording.ts";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { useRecording } from "#app/use-recording.ts";
import { durationWords } from "#app/words.ts";
import { Banner, type BannerTone } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { useRecovered } from "./use-recovered.ts";

type Warning = NonNullable<RecordingView["warning"]>;

const warnings: Record<Warning, { tone: BannerTone; title: string; text: string }> = {
  nothing_heard: {
    tone: "danger",
    title: "We hear nothing. Is the microphone covered?",
    text: "Recording goes on. Speak, or change the microphone below: nothing is lost by it.",
  },
  too_quiet: { tone: "warn", title: "It is quiet", text: "Move the microphone closer to you and the patient." },
  too_loud: {
    tone: "warn",
    title: "It is too loud",
    text: "Move the microphone away a little; loud words are cut off.",
  },
  microphone_lost: {
    tone: "danger",
    title: "The microphone is gone",
    text: "Nothing is heard now. Everything up to now is saved. Recording goes on by itself as soon as a microphone is there.",
  },
  microphone_muted: {
    tone: "danger",
    title: "The microphone is muted",
    text: "The system or a switch on it gives silence. Recording goes on; unmute it, or change the microphone below.",
  },
  microphone_changed: {
    tone: "info",
    title: "Recording goes on with another microphone",
    text: "The change is in the recording. Check the level below.",
  },
  woke_up: {
    tone: "warn",
    title: "This device was asleep",
    text: "Recording goes on. What was said meanwhile was not recorded; the gap is listed below.",
  },
  not_speech: {
    tone: "warn",
    title: "We hear sound, but no speech",
    text: "Music or noise may cover the voices. Recording goes on.",
  },
};

/** What is wrong now, each in words, the worst first. `elsewhere`: the way to another scribe service. */
export function Warnings({ onResume, elsewhere }: { onResume: () => void; elsewhere: ReactNode }) {
  const warning = useRecording((view) => view.warning);
  const waiting = useRecording((view) => view.waiting);
  const problem = useRecording((view) => view.problem);
  useRecovered();
  return (
    <>
      {problem !== null && <ProblemBanner problem={problem} />}
      {warning !== null && (
        <Banner
          tone={warnings[warning].tone}
          title={warnings[warning].title}
          {...(warning === "microphone_lost"
            ? {
                action: (
                  <Button icon={<MicOff />} onPress={onResume}>
                    Reconnect the microphone
                  </Button>
                ),
              }
            : {})}
        >
          {warnings[warning].text}
        </Banner>
      )}
      {waiting !== null && waiting !== "sign_in" && waiting !== "end" && (
        <Waiting waiting={waiting} action={waiting === "scribe" ? elsewhere : undefined} />
      )}
    </>
  );
}

const waitingWords = {
  network: { title: "Waiting for network", text: "It is sent by itself when the network is back." },
  server: { title: "The clinic server is not answering", text: "It is sent by itself when the server answers." },
  scribe: { title: "The scribe service is not answering", text: "It is sent by itself when the service is back." },
};

function Waiting({ waiting, action }: { waiting: keyof typeof waitingWords; action: ReactNode }) {
  const unsentSeconds = useRecording((view) => Math.max(0, Math.floor((view.durableMs - view.receivedMs) / 1000)));
  const { title, text } = waitingWords[waiting];
  return (
    <Banner
      tone="offline"
      title={`${title}: ${durationWords(unsentSeconds * 1000)} kept on this device`}
      action={action}
    >
      Recording goes on. {text}
    </Banner>
  );
}
