import { CircleDot } from "lucide-react";
import { useStore } from "zustand";
import { timeIn } from "#model/clock.ts";
import { useApp } from "#app/app-context.ts";
import { useNow } from "#app/shell/use-now.ts";
import { goOnWithout } from "#app/sign-in/session-store.ts";
import { Banner } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import type { KeptSession } from "./kept.ts";

/** Who may record on this device without a sign-in: signed in here less than 12 hours ago, and not signed out since. */
export function useKeptPerson(): KeptSession | undefined {
  const { kept } = useApp();
  const { session } = useStore(kept.store);
  const now = useNow(30_000);
  return session === undefined || now >= session.expiresAt ? undefined : session;
}

/** OpenEMR is down, so nobody can sign in; who is known to this device may record all the same. */
export function StillRecord() {
  const { kept, session, clock, bootstrap } = useApp();
  const person = useKeptPerson();
  const goOn = async (known: KeptSession) => {
    await kept.seen(clock.now());
    goOnWithout(session, known.user);
  };
  return (
    <Banner
      tone="warn"
      title="OpenEMR is not answering"
      action={
        person !== undefined && (
          <Button icon={<CircleDot />} onPress={() => void goOn(person)}>
            Record as {person.user.name}
          </Button>
        )
      }
    >
      You can still record. Notes are filed when OpenEMR is back.{" "}
      {person === undefined
        ? "That works on a device where you signed in less than 12 hours ago and did not sign out; on this one nobody did."
        : `${person.user.name} signed in on this device and may go on here until ${timeIn(bootstrap.clinic.timeZone, person.expiresAt)}.`}
    </Banner>
  );
}
