import { Lock } from "lucide-react";
import { useUser } from "#app/sign-in/use-user.ts";
import type { LockedVisit } from "#app/vault-port.ts";
import { Banner } from "#ui/banner.tsx";
import { LinkButton } from "#ui/button.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { lockedWords } from "./locked-words.ts";

const tones = { mine: "offline", refused: "danger", foreign: "info" } as const;

/** Recordings whose key the clinic server keeps: of what patient they are cannot even be read before it answers. */
export function LockedVisits({ locked }: { locked: readonly LockedVisit[] }) {
  const { id } = useUser();
  return lockedWords(locked, id).map(({ kind, title, text }) => (
    <Banner key={kind} tone={tones[kind]} title={title}>
      {text}
    </Banner>
  ));
}

/** A visit's own screen while this device cannot read it. It goes on by itself. */
export function LockedVisitScreen({ locked }: { locked: LockedVisit }) {
  const { id } = useUser();
  const [words] = lockedWords([locked], id);
  if (words === undefined) return null;
  return (
    <EmptyState
      icon={<Lock />}
      title={words.title.replace("1 recording", "This recording")}
      action={
        <LinkButton kind="primary" href="/worklist">
          Back to the worklist
        </LinkButton>
      }
    >
      {words.text}
    </EmptyState>
  );
}
