import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { IconButton } from "./button.tsx";
import { useAnnounce } from "./toast.tsx";

/** Copies the text; `what` names it in the button's label, `said` is announced afterwards. */
export function CopyButton({ text, what, said }: { text: string; what: string; said: string }) {
  const announce = useAnnounce();
  const [isCopied, setIsCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setIsCopied(true);
    announce(said);
  };
  return (
    <IconButton
      label={`${isCopied ? "Copied" : "Copy"} the ${what}`}
      icon={isCopied ? <Check /> : <Copy />}
      onPress={() => void copy().catch(() => setIsCopied(false))}
    />
  );
}
