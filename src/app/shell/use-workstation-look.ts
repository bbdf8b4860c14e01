import { useEffect } from "react";
import { useWorkstation } from "#app/use-workstation.ts";
import type { TextSize } from "#app/workstation.ts";
import { shortcutSetting } from "./use-shortcut.ts";

/** Percent of the browser's own size, so that a person's choice there still counts. */
const percent: Record<TextSize, string> = { normal: "100%", large: "115%", largest: "130%" };

/** Makes what the workstation remembers true on this page: text size and shortcuts. */
export function useWorkstationLook(): void {
  const workstation = useWorkstation();
  const textSize = workstation?.textSize ?? "normal";
  const areOn = workstation?.hasShortcuts ?? true;
  useEffect(() => {
    document.documentElement.style.fontSize = percent[textSize];
  }, [textSize]);
  useEffect(() => shortcutSetting.setState({ areOn }), [areOn]);
}
