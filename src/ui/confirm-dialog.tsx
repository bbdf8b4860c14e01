import { type ReactNode, useState } from "react";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { TextField } from "./text-field.tsx";

export type ConfirmDialogProps = {
  isOpen: boolean;
  title: string;
  /** What will be lost, by name. */
  children: ReactNode;
  /** The words on the button that does it. */
  confirmLabel: string;
  cancelLabel?: string;
  /** The word a person must type first; for what cannot be undone. */
  typed?: string;
  isPending?: boolean;
  onConfirm: () => void;
  onCancel: () => void;
};

/** Asks before a destructive act; never `confirm()`. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const [text, setText] = useState("");
  const { isOpen, title, children, confirmLabel, cancelLabel = "Keep it", typed, isPending = false } = props;
  const isTyped = typed === undefined || text.trim().toLowerCase() === typed.toLowerCase();
  const cancel = () => {
    setText("");
    props.onCancel();
  };
  const confirm = () => {
    setText("");
    props.onConfirm();
  };
  return (
    <Dialog
      isOpen={isOpen}
      onClose={cancel}
      title={title}
      actions={
        <>
          <Button onPress={cancel} isDisabled={isPending}>
            {cancelLabel}
          </Button>
          <Button kind="danger" isDisabled={!isTyped} isPending={isPending} onPress={confirm}>
            {confirmLabel}
          </Button>
        </>
      }
    >
      {children}
      {typed !== undefined && (
        <TextField
          label={`Type “${typed}” to confirm`}
          value={text}
          onChange={setText}
          autoComplete="off"
          spellCheck="false"
        />
      )}
    </Dialog>
  );
}
