import type { ReactElement, ReactNode } from "react";
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover } from "react-aria-components/Menu";
import { join } from "./join.ts";
import { overlayPlace } from "./overlay-place.ts";
import styles from "./popover.module.css";

export type MenuChoice = {
  id: string;
  label: string;
  note?: string;
  icon?: ReactNode;
  isDanger?: boolean;
  isDisabled?: boolean;
  onAction: () => void;
};

/** A menu behind a button; `children` is that button. */
export function Menu({
  label,
  choices,
  children,
}: {
  label: string;
  choices: readonly MenuChoice[];
  children: ReactElement;
}) {
  return (
    <MenuTrigger>
      {children}
      <Popover UNSTABLE_portalContainer={overlayPlace()} className={styles["popover"] ?? ""} placement="bottom end">
        <AriaMenu aria-label={label} className={styles["list"] ?? ""}>
          {choices.map((choice) => (
            <MenuItem
              key={choice.id}
              id={choice.id}
              textValue={choice.label}
              isDisabled={choice.isDisabled ?? false}
              onAction={choice.onAction}
              className={join(styles["item"], choice.isDanger === true && styles["danger"])}
            >
              {choice.icon !== undefined && (
                <span className={styles["icon"]} aria-hidden="true">
                  {choice.icon}
                </span>
              )}
              <span className={styles["words"]}>
                {choice.label}
                {choice.note !== undefined && <span className={styles["note"]}>{choice.note}</span>}
              </span>
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
