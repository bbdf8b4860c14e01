/** What was added to a signed note, and adding more: the note itself is never changed. */
import { CircleCheck, CircleX, Clock, FilePlus2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { AddendumView } from "#protocol/bff-addenda.ts";
import { Button } from "#ui/button.tsx";
import { Card } from "#ui/card.tsx";
import { StatusChip } from "#ui/status-chip.tsx";
import { TextArea } from "#ui/text-field.tsx";
import styles from "./addenda-card.module.css";

type AddendaCardProps = {
  addenda: readonly AddendumView[];
  /** An instant as the clinic's wall clock. */
  timeOf: (iso: string) => string;
  /** Why one is not filed yet, in words. */
  reasonOf: (addendum: AddendumView) => string | undefined;
  /** Signs; true once the server keeps it, so that the text may go from the screen. */
  onSign: (text: string) => Promise<boolean>;
  onRetry: () => void;
  isPending: boolean;
  /** A problem with the last try. */
  outcome: ReactNode;
};

export function AddendaCard(props: AddendaCardProps) {
  const [isWriting, setWriting] = useState(false);
  const write = (
    <Button icon={<FilePlus2 />} onPress={() => setWriting(true)}>
      Add an addendum
    </Button>
  );
  return (
    <Card title="Addenda" icon={<FilePlus2 />} aside={isWriting ? undefined : write}>
      {props.addenda.length === 0 && !isWriting && (
        <p className={styles["none"]}>Nothing was added. A correction becomes a note of its own beside this one.</p>
      )}
      {props.addenda.length > 0 && (
        <ul className={styles["list"]}>
          {props.addenda.map((addendum) => (
            <Entry key={addendum.id} addendum={addendum} {...props} />
          ))}
        </ul>
      )}
      {props.outcome}
      {isWriting && <Writing {...props} onDone={() => setWriting(false)} />}
    </Card>
  );
}

function Entry({ addendum, timeOf, reasonOf, onRetry }: AddendaCardProps & { addendum: AddendumView }) {
  const reason = reasonOf(addendum);
  return (
    <li className={styles["entry"]}>
      <div className={styles["state"]}>
        <FilingChip addendum={addendum} timeOf={timeOf} />
        {addendum.filing.state === "failed" && (
          <Button size="small" onPress={onRetry}>
            Try now
          </Button>
        )}
      </div>
      <p className={styles["text"]}>{addendum.text}</p>
      {reason !== undefined && <p className={styles["reason"]}>{reason}</p>}
    </li>
  );
}

function FilingChip({ addendum, timeOf }: { addendum: AddendumView; timeOf: (iso: string) => string }) {
  const { state, verifiedAt, noteId } = addendum.filing;
  if (state === "verified" && verifiedAt !== null) {
    return (
      <StatusChip tone="good" icon={<CircleCheck />}>
        Filed and verified {timeOf(verifiedAt)}, OpenEMR note {noteId}
      </StatusChip>
    );
  }
  if (state === "failed") {
    return (
      <StatusChip tone="danger" icon={<CircleX />}>
        Signed, not filed
      </StatusChip>
    );
  }
  return (
    <StatusChip tone="info" icon={<Clock />}>
      Signed, on its way to the chart
    </StatusChip>
  );
}

function Writing({ onSign, onDone, isPending }: AddendaCardProps & { onDone: () => void }) {
  const [text, setText] = useState("");
  return (
    <div className={styles["writing"]}>
      <TextArea
        label="Addendum"
        value={text}
        onChange={setText}
        rows={5}
        grows
        hint="It is signed with your name and the time, says which note it belongs to, and is filed into the same encounter."
      />
      <div className={styles["actions"]}>
        <Button onPress={onDone} isDisabled={isPending}>
          Cancel
        </Button>
        <Button
          kind="primary"
          isDisabled={text.trim() === ""}
          isPending={isPending}
          onPress={() => void onSign(text).then((isKept) => isKept && onDone())}
        >
          Sign and file addendum
        </Button>
      </div>
    </div>
  );
}
