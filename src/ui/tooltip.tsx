import type { ReactElement } from "react";
import { Tooltip as AriaTooltip, TooltipTrigger } from "react-aria-components/Tooltip";
import { overlayPlace } from "./overlay-place.ts";
import styles from "./popover.module.css";

/** Words for a control on hover and focus; never the only place where something is said. */
export function Tooltip({ words, children }: { words: string; children: ReactElement }) {
  return (
    <TooltipTrigger delay={500}>
      {children}
      <AriaTooltip UNSTABLE_portalContainer={overlayPlace()} className={styles["tooltip"] ?? ""} offset={6}>
        {words}
      </AriaTooltip>
    </TooltipTrigger>
  );
}
