import type { SectionName } from "#model/note.ts";
import { Button } from "#ui/button.tsx";
import { Card } from "#ui/card.tsx";
import { join } from "#ui/join.ts";
import { TextArea } from "#ui/text-field.tsx";
import { Check, Pencil } from "lucide-react";
import { useState } from "react";
import { MarkChip, markWords } from "./marks.tsx";
import type { ShownSentence } from "./review-model.ts";
import styles from "./section-card.module.css";

export const sectionTitles: Record<SectionName, string> = {
  subjective: "Subjective",
  objective: "Objective",
  assessment: "Assessment",
  plan: "Plan",
};

const unsaid: Record<SectionName, string> = {
  subjective: "Nothing the patient reported was found.",
  objective: "No findings or readings were found.",
  assessment: "No assessment was spoken.",
  plan: "No plan was spoken.",
};

type SectionCardProps = {
  section: SectionName;
  text: string;
  sentences: readonly ShownSentence[];
  chosen: string | null;
  onChoose: (sentence: ShownSentence) => void;
  onEdit: (text: string) => void;
  error?: string | undefined;
  isLocked?: boolean;
};

/** One section of the note: sentences with their marks to read, or one text to edit. */
export function SectionCard(props: SectionCardProps) {
  const { section, text, sentences, error, isLocked = false } = props;
  const [isEditing, setEditing] = useState(false);
  const title = sectionTitles[section];
  const toggle = isEditing ? (
    <Button kind="quiet" size="small" icon={<Check />} onPress={() => setEditing(false)}>
      Done
    </Button>
  ) : (
    <Button
      kind="quiet"
      size="small"
      icon={<Pencil />}
      aria-label={`Edit ${title}`}
      onPress={() => setEditing(true)}
      isDisabled={isLocked}
    >
      Edit
    </Button>
  );
  return (
    <Card title={title} aside={toggle}>
      {isEditing || error !== undefined ? (
        <TextArea
          label={title}
          isLabelHidden
          value={text}
          onChange={props.onEdit}
          rows={Math.max(4, sentences.length + 1)}
          grows
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the person has just pressed Edit
          autoFocus
          error={error}
        />
      ) : (
        <SentenceList {...props} sentences={sentences} />
      )}
    </Card>
  );
}

function SentenceList({ section, sentences, chosen, onChoose }: SectionCardProps) {
  if (sentences.length === 0) return <p className={styles["unsaid"]}>{unsaid[section]}</p>;
  return (
    <ul className={styles["sentences"]}>
      {sentences.map((sentence) => (
        <li key={sentence.key}>
          <button
            type="button"
            className={join(styles["sentence"], styles[sentence.shown], chosen === sentence.key && styles["chosen"])}
            aria-pressed={chosen === sentence.key}
            aria-label={`${sentence.text} ${markWords(sentence.shown)}`}
            data-sentence={sentence.key}
            onClick={() => onChoose(sentence)}
          >
            <span className={styles["text"]}>{sentence.text}</span>
            <MarkChip mark={sentence.shown} />
          </button>
        </li>
      ))}
    </ul>
  );
}
