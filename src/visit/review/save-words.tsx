import { Banner } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { StatusChip } from "#ui/status-chip.tsx";
import { CircleCheck, CloudOff, LoaderCircle } from "lucide-react";
import type { SaveState } from "./note-editor.ts";

/** The state of saving, always in the same place. */
export function SaveChip({ save, savedAt }: { save: SaveState; savedAt: string /** clinic time, in words */ }) {
  if (save === "saved") {
    return (
      <StatusChip tone="good" icon={<CircleCheck />}>
        Saved {savedAt}
      </StatusChip>
    );
  }
  if (save === "saving" || save === "unsaved") {
    return (
      <StatusChip tone="info" icon={<LoaderCircle />}>
        Saving
      </StatusChip>
    );
  }
  return (
    <StatusChip tone="warn" icon={<CloudOff />}>
      Not saved yet
    </StatusChip>
  );
}

/** What stands in the way of saving, with the one thing that helps. */
export function SaveBanner({
  save,
  onReload,
  onRetry,
}: {
  save: SaveState;
  onReload: () => void;
  onRetry: () => void;
}) {
  if (save === "conflict") {
    return (
      <Banner
        tone="warn"
        title="This note was changed in another window"
        action={<Button onPress={onReload}>Load the newer text</Button>}
      >
        Your last words are still on this screen: copy them before you load the newer text.
      </Banner>
    );
  }
  if (save === "waiting") {
    return (
      <Banner tone="offline" title="Not saved yet" action={<Button onPress={onRetry}>Save now</Button>}>
        The clinic server did not answer. Your words stay on this screen and are saved as soon as it does.
      </Banner>
    );
  }
  if (save === "refused") {
    return (
      <Banner tone="danger" title="This text cannot be saved as it is">
        One section is longer than OpenEMR can hold (65,535 bytes). Shorten it, and it is saved by itself.
      </Banner>
    );
  }
  return null;
}
