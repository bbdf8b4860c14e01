import { Kbd } from "#ui/kbd.tsx";
import styles from "./shortcut-list.module.css";

/** The shortcuts with Alt and Shift, by the place of the key on the keyboard. */
export const chords: readonly { keys: readonly string[]; does: string }[] = [
  { keys: ["Alt", "Shift", "R"], does: "Start recording" },
  { keys: ["Alt", "Shift", "P"], does: "Pause or resume" },
  { keys: ["Alt", "Shift", "E"], does: "Stop" },
  { keys: ["Alt", "Shift", "O"], does: "Off the record, and back" },
  { keys: ["Alt", "Shift", "M"], does: "Mark this moment" },
];

export function ShortcutList({ shortcuts = chords }: { shortcuts?: typeof chords }) {
  return (
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
  );
}
