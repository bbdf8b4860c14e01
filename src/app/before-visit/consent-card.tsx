import { MessageSquareQuote, Plus, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import type { ConsentAnswer } from "#model/consent.ts";
import { timeIn } from "#model/clock.ts";
import { useApp } from "#app/app-context.ts";
import { useUser } from "#app/sign-in/use-user.ts";
import { Button, IconButton } from "#ui/button.tsx";
import { Card } from "#ui/card.tsx";
import { Checkbox } from "#ui/checkbox.tsx";
import { RadioCards } from "#ui/radio-cards.tsx";
import { Select } from "#ui/select.tsx";
import type { ConsentForm } from "./consent-form.ts";
import styles from "./consent-card.module.css";

const answers = [
  { value: "yes" as const, label: "Yes" },
  { value: "no" as const, label: "No" },
  { value: "not_asked" as const, label: "Not asked" },
];
const otherAnswers = [
  { value: "yes" as const, label: "Yes" },
  { value: "no" as const, label: "No" },
];
const languages = [
  { value: "en-US", label: "English" },
  { value: "es-US", label: "Spanish" },
  { value: "zh", label: "Chinese" },
  { value: "vi", label: "Vietnamese" },
  { value: "ar", label: "Arabic" },
  { value: "fr", label: "French" },
  { value: "de", label: "German" },
];

type Props = { form: ConsentForm; onChange: (next: ConsentForm) => void };

/** The script to read aloud, and the answers of everybody in the room; `refused` stands under a no. */
export function ConsentCard({ form, onChange, refused }: Props & { refused: ReactNode }) {
  const { bootstrap, clock } = useApp();
  const { consent } = bootstrap;
  const answer = (value: ConsentAnswer) => onChange({ ...form, answer: value, askedAt: clock.now() });
  return (
    <Card
      title="Consent to record"
      icon={<MessageSquareQuote />}
      aside={<small className={styles["version"]}>Text {consent.textVersion}</small>}
    >
      <figure className={styles["script"]}>
        <figcaption className={styles["caption"]}>Read aloud</figcaption>
        <blockquote className={styles["quote"]}>{consent.script}</blockquote>
      </figure>
      <details className={styles["details"]}>
        <summary>The clinic's full text</summary>
        <p>{consent.text}</p>
      </details>
      <RadioCards label="Recording consent" value={form.answer} cards={answers} onChange={answer} />
      <AskedBy form={form} />
      <Others form={form} onChange={onChange} />
      {refused}
      <div className={styles["language"]}>
        <Select
          label="Language of the visit"
          value={form.language}
          choices={languages}
          onChange={(language) => onChange({ ...form, language })}
        />
        <Checkbox
          isSelected={form.interpreter}
          onChange={(interpreter) => onChange({ ...form, interpreter })}
          note="In the room or on the line"
        >
          An interpreter takes part
        </Checkbox>
      </div>
    </Card>
  );
}

function AskedBy({ form }: { form: ConsentForm }) {
  const { bootstrap } = useApp();
  const { name } = useUser();
  if (form.askedAt === null) return null;
  return (
    <p className={styles["asked"]}>
      Answer noted by {name} at {timeIn(bootstrap.clinic.timeZone, form.askedAt)}.
    </p>
  );
}

function Others({ form, onChange }: Props) {
  const set = (others: ConsentForm["others"]) => onChange({ ...form, others });
  return (
    <fieldset className={styles["others"]}>
      <legend className="visually-hidden">Others in the room</legend>
      {form.others.map((answer, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- people in the room have no other name here
        <div key={index} className={styles["other"]}>
          <RadioCards
            label={`Person ${index + 1} agrees`}
            isCompact
            value={answer}
            cards={otherAnswers}
            onChange={(value) => set(form.others.map((other, at) => (at === index ? value : other)))}
          />
          <IconButton
            label={`Remove person ${index + 1}`}
            icon={<Trash2 />}
            onPress={() => set(form.others.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <Button
        kind="quiet"
        icon={<Plus />}
        isDisabled={form.others.length >= 10}
        onPress={() => set([...form.others, null])}
      >
        {form.others.length === 0 ? "Somebody else is in the room" : "One more person"}
      </Button>
    </fieldset>
  );
}
