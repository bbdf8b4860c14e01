import { CircleAlert, CircleCheck, Info, TriangleAlert, WifiOff } from "lucide-react";
import type { ReactNode } from "react";
import styles from "./banner.module.css";
import { join } from "./join.ts";

export type BannerTone = "info" | "good" | "warn" | "danger" | "offline";

const icons: Record<BannerTone, ReactNode> = {
  info: <Info />,
  good: <CircleCheck />,
  warn: <TriangleAlert />,
  danger: <CircleAlert />,
  offline: <WifiOff />,
};

export type BannerProps = {
  tone?: BannerTone;
  title?: ReactNode;
  children?: ReactNode;
  /** One action that mends it. */
  action?: ReactNode;
  /** Edge to edge, for the top of the page. */
  isFlat?: boolean;
};

/** What a person must know now. Danger interrupts a screen reader; the rest waits its turn. */
export function Banner({ tone = "info", title, children, action, isFlat = false }: BannerProps) {
  return (
    <div
      className={join(styles["banner"], styles[tone], isFlat && styles["flat"])}
      role={tone === "danger" ? "alert" : "status"}
    >
      <span className={styles["icon"]} aria-hidden="true">
        {icons[tone]}
      </span>
      <div className={styles["words"]}>
        {title !== undefined && <p className={styles["title"]}>{title}</p>}
        {children !== undefined && <div className={styles["text"]}>{children}</div>}
      </div>
      {action !== undefined && <div className={styles["action"]}>{action}</div>}
    </div>
  );
}
