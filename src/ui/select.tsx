import { Check, ChevronsUpDown } from "lucide-react";
import { Button, ListBox, ListBoxItem, Popover, Select as AriaSelect, SelectValue } from "react-aria-components/Select";
import { overlayPlace } from "./overlay-place.ts";
import styles from "./field.module.css";
import popover from "./popover.module.css";
import { FieldLabel, FieldWords } from "./text-field.tsx";

export type Choice<Value extends string> = { value: Value; label: string; note?: string };

export type SelectProps<Value extends string> = {
  label: string;
  isLabelHidden?: boolean;
  hint?: string;
  value: Value | null;
  choices: readonly Choice<Value>[];
  onChange: (value: Value) => void;
  placeholder?: string;
  isDisabled?: boolean;
};

/** One of a list, in a popover that works with keyboard, type-ahead and screen readers. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const { label, isLabelHidden, hint, value, choices, onChange, placeholder = "Choose", isDisabled = false } = props;
  return (
    <AriaSelect
      className={styles["field"] ?? ""}
      value={value}
      onChange={(key) => {
        const chosen = choices.find((choice) => choice.value === key);
        if (chosen) onChange(chosen.value);
      }}
      placeholder={placeholder}
      isDisabled={isDisabled}
    >
      <FieldLabel isHidden={isLabelHidden}>{label}</FieldLabel>
      <Button className={styles["trigger"] ?? ""}>
        <SelectValue className={styles["value"] ?? ""}>
          {({ selectedText, defaultChildren }) => selectedText ?? defaultChildren}
        </SelectValue>
        <ChevronsUpDown aria-hidden="true" />
      </Button>
      <FieldWords hint={hint} error={undefined} />
      <Popover UNSTABLE_portalContainer={overlayPlace()} className={popover["popover"] ?? ""}>
        <ListBox className={popover["list"] ?? ""} items={choices}>
          {(choice) => (
            <ListBoxItem id={choice.value} textValue={choice.label} className={popover["item"] ?? ""}>
              <span className={popover["words"]}>
                {choice.label}
                {choice.note !== undefined && <span className={popover["note"]}>{choice.note}</span>}
              </span>
              <Check className={popover["tick"] ?? ""} aria-hidden="true" />
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
