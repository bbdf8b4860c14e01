import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading } from "react-aria-components/Dialog";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { IconButton } from "./button.tsx";
import styles from "./dialog.module.css";
import { join } from "./join.ts";
import { overlayPlace } from "./overlay-place.ts";

export type DialogProps = {
  isOpen: boolean;
  onClose: () => void;
  title: ReactNode;
  children: ReactNode;
  /** The buttons, the least harmful first. */
  actions?: ReactNode;
  wide?: boolean;
  /** Only its own buttons close it: for questions that need an answer. */
  mustAnswer?: boolean;
};

/** A dialog over a dimmed screen: takes the focus, gives it back, closes on Escape unless it must be answered. */
export function Dialog({ isOpen, onClose, title, children, actions, wide = false, mustAnswer = false }: DialogProps) {
  return (
    <ModalOverlay
      UNSTABLE_portalContainer={overlayPlace()}
      className={styles["scrim"] ?? ""}
      isOpen={isOpen}
      isDismissable={!mustAnswer}
      isKeyboardDismissDisabled={mustAnswer}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Modal className={join(styles["modal"], wide && styles["wide"])}>
        <AriaDialog className={styles["dialog"] ?? ""} role={mustAnswer ? "alertdialog" : "dialog"}>
          <header className={styles["header"]}>
            <Heading slot="title" className={styles["title"] ?? ""}>
              {title}
            </Heading>
            {!mustAnswer && <IconButton label="Close" icon={<X />} onPress={onClose} />}
          </header>
          <div className={styles["body"]}>{children}</div>
          {actions !== undefined && <footer className={styles["actions"]}>{actions}</footer>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
