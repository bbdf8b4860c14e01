import type { ReactNode } from "react";
import { FieldError } from "react-aria-components/FieldError";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { Text } from "react-aria-components/Text";
import { TextArea as AriaTextArea } from "react-aria-components/TextArea";
import { TextField as AriaTextField, type TextFieldProps as AriaTextFieldProps } from "react-aria-components/TextField";
import styles from "./field.module.css";
import { join } from "./join.ts";

type Words = {
  label: string;
  /** The label is read out and not seen, where the place says it already. */
  isLabelHidden?: boolean;
  hint?: ReactNode;
  error?: string | undefined;
};

export type TextFieldProps = Words &
  Omit<AriaTextFieldProps, "children" | "className" | "style" | "isInvalid"> & {
    icon?: ReactNode;
    placeholder?: string;
  };

/** One line of text with its label above it. */
export function TextField({ label, isLabelHidden, hint, error, icon, placeholder, ...rest }: TextFieldProps) {
  return (
    <AriaTextField {...rest} className={styles["field"] ?? ""} isInvalid={error !== undefined}>
      <FieldLabel isHidden={isLabelHidden}>{label}</FieldLabel>
      <span className={styles["box"]}>
        {icon !== undefined && (
          <span className={styles["icon"]} aria-hidden="true">
            {icon}
          </span>
        )}
        <Input
          className={join(styles["input"], icon !== undefined && styles["withIcon"])}
          {...(placeholder === undefined ? {} : { placeholder })}
        />
      </span>
      <FieldWords hint={hint} error={error} />
    </AriaTextField>
  );
}

export type TextAreaProps = Words &
  Omit<AriaTextFieldProps, "children" | "className" | "style" | "isInvalid"> & {
    rows?: number;
    placeholder?: string;
    /** Grows with its text where the browser can (field-sizing). */
    grows?: boolean;
  };

/** Several lines of text. */
export function TextArea({ label, isLabelHidden, hint, error, rows = 4, placeholder, grows, ...rest }: TextAreaProps) {
  return (
    <AriaTextField {...rest} className={styles["field"] ?? ""} isInvalid={error !== undefined}>
      <FieldLabel isHidden={isLabelHidden}>{label}</FieldLabel>
      <AriaTextArea
        className={join(styles["input"], styles["area"], grows === true && styles["grows"])}
        rows={rows}
        {...(placeholder === undefined ? {} : { placeholder })}
      />
      <FieldWords hint={hint} error={error} />
    </AriaTextField>
  );
}

export function FieldLabel({ isHidden, children }: { isHidden?: boolean | undefined; children: ReactNode }) {
  return <Label className={isHidden === true ? "visually-hidden" : (styles["label"] ?? "")}>{children}</Label>;
}

export function FieldWords({ hint, error }: { hint: ReactNode; error: string | undefined }) {
  return (
    <>
      {hint !== undefined && (
        <Text slot="description" className={styles["hint"] ?? ""}>
          {hint}
        </Text>
      )}
      <FieldError className={styles["error"] ?? ""}>{error}</FieldError>
    </>
  );
}
