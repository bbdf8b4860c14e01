import type { EvidenceMark } from "#model/evidence.ts";
import { StatusChip, type Tone } from "#ui/status-chip.tsx";
import { CircleCheck, CircleDashed, CircleHelp, PencilLine, Tags } from "lucide-react";
import type { ReactNode } from "react";

/** A sentence's mark on screen: the scribe's sentences by their support, a person's own and accepted codes as such. */
export type ShownMark = EvidenceMark | "edited" | "coded";

const looks: Record<ShownMark, { words: string; tone: Tone; icon: ReactNode }> = {
  supported: { words: "Supported", tone: "good", icon: <CircleCheck /> },
  weak: { words: "Weak support", tone: "warn", icon: <CircleDashed /> },
  unsupported: { words: "No support found", tone: "danger", icon: <CircleHelp /> },
  edited: { words: "Edited by you", tone: "info", icon: <PencilLine /> },
  coded: { words: "Added by you from Codify", tone: "info", icon: <Tags /> },
};

/** The mark as icon and words. */
export function MarkChip({ mark }: { mark: ShownMark }) {
  const { words, tone, icon } = looks[mark];
  return (
    <StatusChip tone={tone} icon={icon}>
      {words}
    </StatusChip>
  );
}

export function markWords(mark: ShownMark): string {
  return looks[mark].words;
}
