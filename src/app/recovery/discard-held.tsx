import type { HeldVisit } from "#model/recording.ts";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { HeldFacts } from "./held-facts.tsx";
import type { HeldActions } from "./use-held-actions.ts";

/** Names what is lost; the word must be typed. */
export function DiscardHeld(props: { visit: HeldVisit; actions: HeldActions; isOpen: boolean; onClose: () => void }) {
  const { visit, actions, isOpen, onClose } = props;
  return (
    <ConfirmDialog
      isOpen={isOpen}
      title="Discard this recording?"
      confirmLabel="Discard"
      typed="discard"
      isPending={actions.isBusy}
      onConfirm={() => void actions.discard().then(onClose)}
      onCancel={onClose}
    >
      <p>
        The recording of <strong>{visit.patientName}</strong> is erased from this device and no note is written. This
        cannot be undone.
      </p>
      <HeldFacts visit={visit} />
      {actions.problem !== undefined && <ProblemBanner problem={actions.problem} />}
    </ConfirmDialog>
  );
}
