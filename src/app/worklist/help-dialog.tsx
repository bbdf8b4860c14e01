import { useStore } from "zustand";
import { shortcutSetting } from "#app/shell/use-shortcut.ts";
import { Switch } from "#ui/checkbox.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { Kbd } from "#ui/kbd.tsx";
import styles from "./help-dialog.module.css";

const shortcuts: readonly { keys: readonly string[]; does: string }[] = [
  { keys: ["↑", "↓"], does: "Walk through a list" },
  { keys: ["Enter"], does: "Open the row" },
  { keys: ["→"], does: "Reach the buttons of a row" },
  { keys: ["/"], does: "Search, while a row has the focus" },
  { keys: ["?"], does: "This help, while a row has the focus" },
  { keys: ["Alt", "Shift", "R"], does: "Start recording" },
  { keys: ["Alt", "Shift", "P"], does: "Pause or resume" },
  { keys: ["Alt", "Shift", "E"], does: "Stop" },
];

export function HelpDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { areOn } = useStore(shortcutSetting);
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title="Keyboard">
      <dl className={styles["keys"]}>
        {shortcuts.map(({ keys, does }) => (
          <div key={does} className={styles["line"]}>
            <dt>
              <Kbd keys={keys} />
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <Switch
        isSelected={areOn}
        onChange={(next) => shortcutSetting.setState({ areOn: next })}
        note="Switch them off if another program uses these keys. Lasts until this tab is closed."
      >
        Alt + Shift shortcuts
      </Switch>
    </Dialog>
  );
}
