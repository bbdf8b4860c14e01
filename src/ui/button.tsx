import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components/Button";
import { Link as AriaLink, type LinkProps as AriaLinkProps } from "react-aria-components/Link";
import styles from "./button.module.css";
import { join } from "./join.ts";

export type ButtonKind = "primary" | "secondary" | "quiet" | "danger";
export type ButtonSize = "small" | "medium" | "large" | "giant";

type Look = {
  kind?: ButtonKind;
  size?: ButtonSize;
  /** Shown before the words; decoration, hidden from screen readers. */
  icon?: ReactNode;
  /** As wide as what holds it. */
  wide?: boolean;
  children: ReactNode;
};

export type ButtonProps = Look & Omit<AriaButtonProps, "children" | "className" | "style">;

/** A button. `isPending` keeps its size and its focus while something runs, and says so. */
export function Button({ kind = "secondary", size = "medium", icon, wide = false, children, ...rest }: ButtonProps) {
  return (
    <AriaButton {...rest} className={lookOf(kind, size, wide)}>
      <Inside icon={icon}>{children}</Inside>
      {rest.isPending === true && (
        <span className={styles["spinner"]}>
          <span className="visually-hidden">, working</span>
        </span>
      )}
    </AriaButton>
  );
}

export type LinkButtonProps = Look & Omit<AriaLinkProps, "children" | "className" | "style">;

/** A link that looks like a button: it goes to another screen, so it stays a link. */
export function LinkButton({
  kind = "secondary",
  size = "medium",
  icon,
  wide = false,
  children,
  ...rest
}: LinkButtonProps) {
  return (
    <AriaLink {...rest} className={lookOf(kind, size, wide)}>
      <Inside icon={icon}>{children}</Inside>
    </AriaLink>
  );
}

function Inside({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <span className={styles["inside"]}>
      {icon !== undefined && (
        <span className={styles["icon"]} aria-hidden="true">
          {icon}
        </span>
      )}
      {children}
    </span>
  );
}

function lookOf(kind: ButtonKind, size: ButtonSize, wide: boolean): string {
  return join(styles["button"], styles[kind], styles[size], wide && styles["wide"]);
}

export type IconButtonProps = Omit<AriaButtonProps, "children" | "className" | "style" | "aria-label"> & {
  /** What it does, in words; its accessible name. */
  label: string;
  icon: ReactNode;
  kind?: "quiet" | "secondary";
};

/** A square button with an icon only; put it in a Tooltip where the icon alone may puzzle. */
export function IconButton({ label, icon, kind = "quiet", ...rest }: IconButtonProps) {
  return (
    <AriaButton {...rest} aria-label={label} className={join(styles["button"], styles[kind], styles["square"])}>
      <span className={styles["icon"]} aria-hidden="true">
        {icon}
      </span>
    </AriaButton>
  );
}
