/**
 * The last look before signing, and what became of it. In: the newest revision. Out: a signature over exactly the text on
 * this screen (its SHA-256 goes along, so that a text changed elsewhere cannot be signed by mistake).
 */
import type { FollowUpRequest } from "#model/follow-up.ts";
import { canonicalNote, type Note, type SectionName, sectionNames } from "#model/note.ts";
import { Banner } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { Card } from "#ui/card.tsx";
import { Checkbox } from "#ui/checkbox.tsx";
import { CalendarClock, Copy, FileSignature, Printer } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import styles from "./sign-screen.module.css";

const titles: Record<SectionName, string> = {
  subjective: "Subjective",
  objective: "Objective",
  assessment: "Assessment",
  plan: "Plan",
};

/** `sha256` is of the canonical text on this screen; the follow-ups are those the front desk gets. */
export type Signature = { sha256: string; followUps: FollowUpRequest[] };

export type SignScreenProps = {
  note: Note;
  followUps: readonly FollowUpRequest[];
  /** How many sentences still have no support. */
  unsupported: number;
  signerName: string;
  draftedWith: string;
  isSigned: boolean;
  isPending: boolean;
  onSign: (signature: Signature) => void;
  /** Filing, once signed; problems before. */
  outcome: ReactNode;
  back: ReactNode;
  /** What was added, once signed. */
  addenda: ReactNode;
};

export function SignScreen(props: SignScreenProps) {
  const { note, isSigned } = props;
  const [attested, setAttested] = useState(false);
  const [skipped, setSkipped] = useState<ReadonlySet<string>>(new Set());
  const top = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isSigned) top.current?.scrollIntoView({ block: "center" });
  }, [isSigned]);
  const followUps = props.followUps.filter(({ sentence }) => !skipped.has(sentence));
  return (
    <div className={styles["screen"]}>
      <div ref={top} className={styles["outcome"]}>
        {props.outcome}
      </div>
      {!isSigned && props.unsupported > 0 && (
        <Banner tone="warn" title={`${String(props.unsupported)} sentences have no support in what was said`}>
          They are signed as they stand. Go back to look at them once more.
        </Banner>
      )}
      <Card
        title={isSigned ? "Signed note" : "This will be signed and filed"}
        icon={<FileSignature />}
        aside={<CopyAndPrint note={note} />}
      >
        {sectionNames.map((section) => (
          <section key={section} className={styles["section"]}>
            <h3>{titles[section]}</h3>
            <p className={styles["text"]}>{note[section].trim() === "" ? "Nothing written." : note[section]}</p>
          </section>
        ))}
        {!isSigned && (
          <p className={styles["attribution"]}>
            When you sign, the plan ends with: “Signed by {props.signerName}, with date and time. Drafted with{" "}
            {props.draftedWith}, reviewed by {props.signerName}.” OpenEMR keeps no author with a note, so the text says
            it.
          </p>
        )}
      </Card>
      {props.addenda}
      <FollowUps
        followUps={props.followUps}
        skipped={skipped}
        onToggle={(sentence) => setSkipped((before) => toggled(before, sentence))}
        isSigned={isSigned}
      />
      {!isSigned && (
        <div className={styles["signing"]}>
          <Checkbox isSelected={attested} onChange={setAttested}>
            I have read this note. It is true and complete to the best of my knowledge.
          </Checkbox>
          <div className={styles["actions"]}>
            {props.back}
            <Button
              kind="primary"
              size="large"
              icon={<FileSignature />}
              isDisabled={!attested}
              isPending={props.isPending}
              onPress={() => void sha256Of(note).then((sha256) => props.onSign({ sha256, followUps }))}
            >
              Sign and file
            </Button>
          </div>
        </div>
      )}
    </div>
  );
}

type FollowUpsProps = {
  followUps: readonly FollowUpRequest[];
  skipped: ReadonlySet<string>;
  onToggle: (sentence: string) => void;
  isSigned: boolean;
};

function FollowUps({ followUps, skipped, onToggle, isSigned }: FollowUpsProps) {
  return (
    <Card title="To the front desk" icon={<CalendarClock />}>
      {followUps.length === 0 && <p className={styles["none"]}>No follow-up is asked for.</p>}
      {followUps.map(({ sentence }) =>
        isSigned ? (
          <p key={sentence}>“{sentence}”</p>
        ) : (
          <Checkbox
            key={sentence}
            isSelected={!skipped.has(sentence)}
            onChange={() => onToggle(sentence)}
            note="The front desk sees this sentence and nothing else of the note."
          >
            “{sentence}”
          </Checkbox>
        ),
      )}
    </Card>
  );
}

function toggled(set: ReadonlySet<string>, item: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(item)) next.add(item);
  return next;
}

function CopyAndPrint({ note }: { note: Note }) {
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    const text = sectionNames.map((section) => `${titles[section]}\n${note[section]}`).join("\n\n");
    void navigator.clipboard.writeText(text).then(() => setCopied(true));
  };
  return (
    <div className={styles["tools"]}>
      <Button size="small" kind="quiet" icon={<Copy />} onPress={copy}>
        {copied ? "Copied" : "Copy all"}
      </Button>
      <Button size="small" kind="quiet" icon={<Printer />} onPress={() => window.print()}>
        Print
      </Button>
    </div>
  );
}

async function sha256Of(note: Note): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(canonicalNote(note)));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
