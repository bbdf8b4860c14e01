import type { ReactNode } from "react";
import { Label, Radio, RadioGroup } from "react-aria-components/RadioGroup";
import { FieldWords } from "./text-field.tsx";
import styles from "./choices.module.css";
import { join } from "./join.ts";

export type Card<Value extends string> = { value: Value; label: string; note?: string; icon?: ReactNode };

export type RadioCardsProps<Value extends string> = {
  label: string;
  isLabelHidden?: boolean;
  hint?: string;
  error?: string;
  /** null: nothing chosen yet. */
  value: Value | null;
  cards: readonly Card<Value>[];
  onChange: (value: Value) => void;
  isDisabled?: boolean;
  /** Small pieces in one frame instead of cards: for filters. */
  isCompact?: boolean;
};

/** One of a few, each a large target. */
export function RadioCards<Value extends string>(props: RadioCardsProps<Value>) {
  const {
    label,
    isLabelHidden = false,
    hint,
    error,
    value,
    cards,
    onChange,
    isDisabled = false,
    isCompact = false,
  } = props;
  return (
    <RadioGroup
      className={styles["group"] ?? ""}
      value={value}
      onChange={(next) => {
        const chosen = cards.find((card) => card.value === next);
        if (chosen) onChange(chosen.value);
      }}
      isDisabled={isDisabled}
      isInvalid={error !== undefined}
      orientation="horizontal"
    >
      <Label className={isLabelHidden ? "visually-hidden" : (styles["label"] ?? "")}>{label}</Label>
      <div className={isCompact ? styles["segments"] : join(styles["cards"], cards.length > 3 && styles["many"])}>
        {cards.map((card) => (
          <Radio
            key={card.value}
            value={card.value}
            className={isCompact ? (styles["segment"] ?? "") : (styles["card"] ?? "")}
          >
            {!isCompact && <span className={join(styles["mark"], styles["round"])} aria-hidden="true" />}
            <span className={styles["words"]}>
              {card.label}
              {card.note !== undefined && <span className={styles["note"]}>{card.note}</span>}
            </span>
            {card.icon !== undefined && (
              <span className={styles["icon"]} aria-hidden="true">
                {card.icon}
              </span>
            )}
          </Radio>
        ))}
      </div>
      <FieldWords hint={hint} error={error} />
    </RadioGroup>
  );
}
