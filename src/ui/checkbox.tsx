import { Check } from "lucide-react";
import type { ReactNode } from "react";
import { Checkbox as AriaCheckbox, type CheckboxProps as AriaCheckboxProps } from "react-aria-components/Checkbox";
import { Switch as AriaSwitch, type SwitchProps as AriaSwitchProps } from "react-aria-components/Switch";
import styles from "./choices.module.css";
import { join } from "./join.ts";

export type CheckboxProps = Omit<AriaCheckboxProps, "children" | "className" | "style"> & {
  children: ReactNode;
  note?: ReactNode;
};

export function Checkbox({ children, note, ...rest }: CheckboxProps) {
  return (
    <AriaCheckbox {...rest} className={styles["line"] ?? ""}>
      <span className={join(styles["mark"], styles["square"])} aria-hidden="true">
        <Check />
      </span>
      <span className={styles["words"]}>
        {children}
        {note !== undefined && <span className={styles["note"]}>{note}</span>}
      </span>
    </AriaCheckbox>
  );
}

export type SwitchProps = Omit<AriaSwitchProps, "children" | "className" | "style"> & {
  children: ReactNode;
  note?: ReactNode;
};

/** For what takes effect at once. */
export function Switch({ children, note, ...rest }: SwitchProps) {
  return (
    <AriaSwitch {...rest} className={styles["line"] ?? ""}>
      <span className={styles["track"]} aria-hidden="true">
        <span className={styles["thumb"]} />
      </span>
      <span className={styles["words"]}>
        {children}
        {note !== undefined && <span className={styles["note"]}>{note}</span>}
      </span>
    </AriaSwitch>
  );
}
