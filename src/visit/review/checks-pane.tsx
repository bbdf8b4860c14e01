import type { Check, CheckKind } from "#model/evidence.ts";
import { Button } from "#ui/button.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { Menu } from "#ui/menu.tsx";
import { CircleCheckBig, Eye, X } from "lucide-react";
import styles from "./checks-pane.module.css";
import { sectionTitles } from "./section-card.tsx";

const kindWords: Record<CheckKind, string> = {
  unsupported_sentence: "No support found for this sentence",
  number_missing: "A number was said and is not in the note",
  drug_missing: "A medicine was said and is not in the note",
  allergy_missing: "An allergy was said and is not in the note",
  negation_missing: "Something was denied and the note does not say so",
  side_missing: "A side was said and is not in the note",
  unclear_words: "Unclear words where a medicine, dose or number stands",
  empty_section: "This section is empty",
};

const reasons = ["In the note in other words", "Not relevant", "Heard wrongly", "I know this from elsewhere"];

/** What a person should look at before signing; each can be shown, mended in the text, or dismissed with a reason. */
export function ChecksPane({
  checks,
  onShow,
  onDismiss,
}: {
  checks: readonly Check[];
  onShow: (check: Check) => void;
  onDismiss: (check: Check, reason: string) => void;
}) {
  if (checks.length === 0) {
    return (
      <EmptyState icon={<CircleCheckBig />} title="Nothing left to check">
        Numbers, medicines, allergies, sides and negations that were said are in the note.
      </EmptyState>
    );
  }
  return (
    <ul className={styles["checks"]}>
      {checks.map((check) => (
        <li key={check.id} className={styles["check"]}>
          <p className={styles["kind"]}>{kindWords[check.kind]}</p>
          <p className={styles["quote"]}>{quoteOf(check)}</p>
          <div className={styles["actions"]}>
            {check.kind !== "empty_section" && (
              <Button size="small" kind="quiet" icon={<Eye />} onPress={() => onShow(check)}>
                Show
              </Button>
            )}
            <Menu
              label="Why it can stay as it is"
              choices={reasons.map((reason) => ({
                id: reason,
                label: reason,
                onAction: () => onDismiss(check, reason),
              }))}
            >
              <Button size="small" kind="quiet" icon={<X />}>
                Dismiss
              </Button>
            </Menu>
          </div>
        </li>
      ))}
    </ul>
  );
}

function quoteOf(check: Check): string {
  if (check.kind === "empty_section" && check.section !== null) return sectionTitles[check.section];
  return `“${check.quote}”`;
}
