import { CopyButton } from "#ui/copy-button.tsx";
import { shortSum } from "./ledger-words.ts";
import styles from "./checksum.module.css";

/** Enough of a checksum to compare by eye, and the whole of it to copy. `of` says whose it is. */
export function Checksum({ sha256, of }: { sha256: string; of: string }) {
  return (
    <span className={styles["sum"]}>
      <code>{shortSum(sha256)}</code>
      <CopyButton text={sha256} what={`checksum of ${of}`} said="Checksum copied" />
    </span>
  );
}
