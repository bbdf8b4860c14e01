import { useHeld, useLocked } from "#app/queries.ts";
import { LockedVisits } from "#app/device/locked-visits.tsx";
import { useUser } from "#app/sign-in/use-user.ts";
import { useRecording, useVisitSession } from "#app/use-recording.ts";
import { durationWords } from "#app/words.ts";
import { Banner } from "#ui/banner.tsx";
import { Button, LinkButton } from "#ui/button.tsx";
import { isAllSent } from "./queues.ts";

const waitingWords = {
  network: "It is sent by itself when the network is back.",
  sign_in: "It is sent when you sign in again.",
  server: "The clinic server is not answering. It is sent by itself when it does.",
  scribe: "The scribe service is not answering. It is sent by itself when it does.",
  end: "It is sent in one piece when the recording ends.",
};

/** Says that this device holds unsent audio, whose, and what it waits for. */
export function HeldBanner() {
  const { id } = useUser();
  const session = useVisitSession();
  const { data: held = [] } = useHeld();
  const waiting = useRecording((view) => view.waiting);
  const runningId = useRecording((view) => (view.phase === "stopped" ? null : view.visitId));
  const unsent = held.filter((visit) => !isAllSent(visit) && visit.visitId !== runningId);
  const mine = unsent.filter((visit) => visit.clinicianId === id);
  const foreign = unsent.length - mine.length;
  const { data: locked = [] } = useLocked();
  if (unsent.length === 0 && locked.length === 0) return null;
  const ms = mine.reduce((sum, visit) => sum + Math.max(0, visit.durableMs - visit.receivedMs), 0);
  return (
    <>
      {mine.length > 0 && (
        <Banner
          tone="warn"
          title={`This device holds ${durationWords(ms)} of audio that is not sent yet`}
          action={
            <>
              <LinkButton href="/device">Show</LinkButton>
              <Button onPress={() => session.sendNow()}>Send now</Button>
            </>
          }
        >
          {waiting === null ? "It is safe here until the scribe has it." : waitingWords[waiting]}
        </Banner>
      )}
      <LockedVisits locked={locked} />
      {foreign > 0 && (
        <Banner tone="info" title="This device also holds a recording of another clinician">
          It is sent when that clinician signs in on this device.
        </Banner>
      )}
    </>
  );
}
