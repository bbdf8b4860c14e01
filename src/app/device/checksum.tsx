import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { IconButton } from "#ui/button.tsx";
import { useAnnounce } from "#ui/toast.tsx";
import { shortSum } from "./ledger-words.ts";
import styles from "./checksum.module.css";

/** Enough of a checksum to compare by eye, and the whole of it to copy. `of` says whose it is. */
export function Checksum({ sha256, of }: { sha256: string; of: string }) {
  const announce = useAnnounce();
  const [isCopied, setIsCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(sha256);
    setIsCopied(true);
    announce("Checksum copied");
  };
  return (
    <span className={styles["sum"]}>
      <code>{shortSum(sha256)}</code>
      <IconButton
        label={`${isCopied ? "Copied" : "Copy"} the checksum of ${of}`}
        icon={isCopied ? <Check /> : <Copy />}
        onPress={() => void copy().catch(() => setIsCopied(false))}
      />
    </span>
  );
}
