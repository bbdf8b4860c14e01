import { FileAudio, Smartphone } from "lucide-react";
import { useRef } from "react";
import type { Consent } from "#model/consent.ts";
import { Banner } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { Card } from "#ui/card.tsx";
import { failedWords, readingWords } from "./import-words.ts";
import styles from "./import-card.module.css";
import type { PlannedVisit } from "./planned-visit.ts";
import { useImport } from "./use-import.ts";

type Props = { planned: PlannedVisit; consent: Consent | undefined; obstacle: string | undefined };

/** The way without this microphone: a dictation or a recording made elsewhere, with the same consent. */
export function ImportCard({ planned, consent, obstacle }: Props) {
  const { state, take, cancel } = useImport(planned);
  const isReading = state.kind === "reading";
  const isBlocked = consent === undefined || obstacle !== undefined;
  const choose = (file: File) => {
    if (consent !== undefined) take(file, consent);
  };
  return (
    <Card title="Use an audio file or a phone recording" icon={<FileAudio />}>
      <p className={styles["text"]}>
        A recording made elsewhere becomes a note the same way: kept encrypted on this device, then sent.
      </p>
      {state.kind === "failed" && (
        <Banner tone="danger" title={failedWords(state).title}>
          {failedWords(state).text}
        </Banner>
      )}
      {isReading ? (
        <div className={styles["reading"]}>
          <output className={styles["words"]}>{readingWords(state)}</output>
          <progress className={styles["bar"]} aria-label={`Reading ${state.name}`} max={1} value={state.share} />
          <Button size="small" onPress={cancel}>
            Cancel
          </Button>
        </div>
      ) : (
        <div className={styles["ways"]}>
          <Picker label="Choose an audio file" isDisabled={isBlocked} onFile={choose} />
          <div className={styles["phone"]}>
            <Picker label="Record with this phone" isPhone isDisabled={isBlocked} onFile={choose} />
          </div>
        </div>
      )}
      {isBlocked && !isReading && (
        <p className={styles["hint"]}>{obstacle ?? "Consent comes first, as for recording."}</p>
      )}
    </Card>
  );
}

type PickerProps = { label: string; isPhone?: boolean; isDisabled: boolean; onFile: (file: File) => void };

/** `isPhone` opens the phone's own recorder instead of its files. */
function Picker({ label, isPhone = false, isDisabled, onFile }: PickerProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button
        icon={isPhone ? <Smartphone /> : <FileAudio />}
        isDisabled={isDisabled}
        onPress={() => input.current?.click()}
      >
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        accept="audio/*"
        capture={isPhone ? "user" : undefined}
        hidden
        aria-hidden="true"
        tabIndex={-1}
        onChange={(event) => {
          const file = event.target.files?.[0];
          // The same file may be chosen again after a failure.
          event.target.value = "";
          if (file !== undefined) onFile(file);
        }}
      />
    </>
  );
}
