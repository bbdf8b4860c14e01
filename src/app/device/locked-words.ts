/** What is said of recordings whose key only the clinic server can open: of the clinician's own, of others', and of those it refused. */
import type { LockedVisit } from "#app/vault-port.ts";

export type LockedWords = { kind: "mine" | "refused" | "foreign"; title: string; text: string };

/** One notice for each kind there is. */
export function lockedWords(locked: readonly LockedVisit[], clinicianId: string): LockedWords[] {
  const mine = locked.filter((visit) => visit.clinicianId === clinicianId);
  const refused = mine.filter((visit) => visit.isRefused);
  const waiting = mine.length - refused.length;
  const foreign = locked.length - mine.length;
  return [
    ...(waiting > 0
      ? [{ kind: "mine" as const, title: `${count(waiting)} locked: waiting for the network`, text: waitingText }]
      : []),
    ...(refused.length > 0
      ? [
          {
            kind: "refused" as const,
            title: `${count(refused.length)} locked: the clinic server cannot open it`,
            text: refusedText,
          },
        ]
      : []),
    ...(foreign > 0
      ? [{ kind: "foreign" as const, title: `${count(foreign)} locked: of another clinician`, text: foreignText }]
      : []),
  ];
}

function count(many: number): string {
  return many === 1 ? "1 recording is" : `${many} recordings are`;
}

const waitingText =
  "It is encrypted with a key that only the clinic server can open. As soon as the server answers and you are signed in, it is unlocked by itself, and you can go on with it or send it. Nothing of it is lost meanwhile.";

const refusedText =
  "It is still here and nothing erases it, but the server has no key for it. Tell your administrator: the file journal-keys.json may have been restored from an older backup. As soon as the right one is back, open Chartside again.";

const foreignText = "It is unlocked when the clinician who recorded it signs in on this device. Nothing of it is lost.";
