import { useRecordedSeconds } from "#app/use-recording.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";

export const shortMs = 15_000;

type Props = {
  isOpen: boolean;
  isPending: boolean;
  onSend: () => void;
  onContinue: () => void;
  onDiscard: () => void;
};

/** Asked only when almost nothing was recorded: a slip of the finger, or a very short visit. Recording goes on meanwhile. */
export function ShortStopDialog({ isOpen, isPending, onSend, onContinue, onDiscard }: Props) {
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onContinue}
      title={
        <>
          Only <Seconds /> s recorded
        </>
      }
      actions={
        <>
          <Button kind="danger" isDisabled={isPending} onPress={onDiscard}>
            Discard
          </Button>
          <Button isDisabled={isPending} onPress={onContinue}>
            Continue recording
          </Button>
          <Button kind="primary" isPending={isPending} onPress={onSend}>
            Send
          </Button>
        </>
      }
    >
      <p>
        A note needs some speech. Recording goes on while you decide. Discard erases these <Seconds /> seconds and
        writes no note.
      </p>
    </Dialog>
  );
}

function Seconds() {
  return useRecordedSeconds();
}
