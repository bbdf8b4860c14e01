import styles from "./wordmark.module.css";

/** A page turned towards a voice: the sign of the product. */
export function Mark() {
  return (
    <svg className={styles["mark"]} viewBox="0 0 32 32" aria-hidden="true">
      <rect className={styles["tile"]} width="32" height="32" rx="8" />
      <path className={styles["line"]} d="M8 10h9M8 16h6M8 22h9" />
      <path className={styles["wave"]} d="M20 13v6M24 9.5v13" />
    </svg>
  );
}

export function Wordmark() {
  return (
    <span className={styles["wordmark"]}>
      <Mark />
      <span className={styles["name"]}>Chartside</span>
    </span>
  );
}
