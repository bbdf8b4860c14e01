import styles from "./kbd.module.css";

/** Keys to press together, as caps: `<Kbd keys={["Alt", "Shift", "R"]} />`. */
export function Kbd({ keys }: { keys: readonly string[] }) {
  return (
    <kbd className={styles["combination"]}>
      {keys.map((key) => (
        <kbd key={key} className={styles["key"]}>
          {key}
        </kbd>
      ))}
    </kbd>
  );
}
