/**
 * The Review screen: the note, the words it came from, and what to check. In: the newest revision with its transcript.
 * Out: saved revisions, and the wish to sign. Nothing here files anything.
 */
import type { Check, EvidenceSpan } from "#model/evidence.ts";
import { codeLine } from "#model/code-suggestion.ts";
import type { FollowUpRequest, Window } from "#model/follow-up.ts";
import type { Problem } from "#model/problem.ts";
import { sectionNames } from "#model/note.ts";
import type { CodesView } from "#protocol/bff-codes.ts";
import type { NoteView } from "#protocol/bff.ts";
import { Button } from "#ui/button.tsx";
import { Tabs } from "#ui/tabs.tsx";
import { useNarrow } from "#ui/use-narrow.ts";
import { FileSignature } from "lucide-react";
import { type ReactNode, useMemo, useRef, useState } from "react";
import { useStore } from "zustand";
import { ChecksPane } from "./checks-pane.tsx";
import { CodesPart } from "./codes-part.tsx";
import { ExtraResults } from "./extra-results.tsx";
import { FollowUpList } from "./follow-up-list.tsx";
import { MedicationList } from "./medication-list.tsx";
import { reviewOf, type ShownSentence } from "./review-model.ts";
import styles from "./review-screen.module.css";
import { SaveBanner, SaveChip } from "./save-words.tsx";
import { SectionCard } from "./section-card.tsx";
import { TranscriptPane } from "./transcript-pane.tsx";
import type { CodesSource } from "./use-codes.ts";
import { type SaveNote, useNoteEditor } from "./use-note-editor.ts";
import { useSentenceKeys } from "./use-sentence-keys.ts";

export type ReviewScreenProps = {
  view: NoteView;
  save: SaveNote;
  windowOf: (request: FollowUpRequest) => Window;
  /** An instant as the clinic's wall clock. */
  timeOf: (iso: string) => string;
  codes: CodesSource;
  /** A problem in its words, with trying again where that may help. */
  renderProblem: (problem: Problem, onRetry: () => void) => ReactNode;
  onSign: () => void;
  onReload: () => void;
};

type Chosen = { key: string | null; spans: readonly EvidenceSpan[] };

export function ReviewScreen(props: ReviewScreenProps) {
  const { view } = props;
  const editor = useNoteEditor(view, props.save);
  const { note, save, savedAt, field } = useStore(editor.store);
  const codes = props.codes.view;
  const model = useMemo(
    () => reviewOf({ transcript: view.transcript, draft: view.draft.note, note, codeLines: codeLinesOf(codes) }),
    [view.transcript, view.draft.note, note, codes],
  );
  const [chosen, setChosen] = useState<Chosen>({ key: null, spans: [] });
  const [tab, setTab] = useState("note");
  const [dismissed, setDismissed] = useState<ReadonlySet<string>>(new Set());
  const checks = model.checks.filter((check) => !dismissed.has(check.id));
  const choose = (sentence: ShownSentence): void => setChosen({ key: sentence.key, spans: sentence.spans });
  const show = (check: Check): void => {
    const sentence = sectionNames.flatMap((name) => model.sentences[name]).find(({ text }) => text === check.quote);
    setChosen({ key: sentence?.key ?? null, spans: check.span ? [check.span] : [] });
    setTab(check.span ? "transcript" : "note");
  };
  const sign = (): void => void editor.flush().then(() => editor.store.getState().save === "saved" && props.onSign());
  const screen = useRef<HTMLElement>(null);
  useSentenceKeys(screen, sign);
  const noteColumn = (
    <div className={styles["column"]}>
      {sectionNames.map((section) => (
        <SectionCard
          key={section}
          section={section}
          text={note[section]}
          sentences={model.sentences[section]}
          chosen={chosen.key}
          onChoose={choose}
          onEdit={(text) => editor.edit(section, text)}
          error={field === section ? "Longer than OpenEMR can hold (65,535 bytes)" : undefined}
          isLocked={save === "conflict"}
        />
      ))}
      <MedicationList medications={view.draft.medications} />
      <CodesPart editor={editor} source={props.codes} renderProblem={props.renderProblem} />
      <FollowUpList followUps={model.followUps} windowOf={props.windowOf} />
      <ExtraResults extra={view.draft.extra ?? []} />
    </div>
  );
  return (
    <section ref={screen} className={styles["screen"]} aria-label="Review">
      <SaveBanner save={save} onReload={props.onReload} onRetry={() => void editor.flush()} />
      <Panes
        tab={tab}
        onTab={setTab}
        note={noteColumn}
        transcript={<TranscriptPane transcript={view.transcript} spans={chosen.spans} />}
        checks={
          <ChecksPane
            checks={checks}
            onShow={show}
            onDismiss={(check) => setDismissed((before) => new Set(before).add(check.id))}
          />
        }
        checkCount={checks.length}
      />
      <footer className={styles["bar"]}>
        <SaveChip save={save} savedAt={props.timeOf(savedAt)} />
        <span className={styles["engines"]}>{enginesOf(view)}</span>
        <Button kind="primary" size="large" icon={<FileSignature />} onPress={sign} isDisabled={save === "conflict"}>
          Review and sign
        </Button>
      </footer>
    </section>
  );
}

function codeLinesOf(codes: CodesView | undefined): ReadonlySet<string> {
  return new Set(codes?.job?.result?.suggested.map(codeLine));
}

type PanesProps = {
  tab: string;
  onTab: (tab: string) => void;
  note: ReactNode;
  transcript: ReactNode;
  checks: ReactNode;
  checkCount: number;
};

function Panes({ tab, onTab, note, transcript, checks, checkCount }: PanesProps) {
  if (useNarrow()) {
    const tabs = [
      { id: "note", label: "Note", content: note },
      { id: "transcript", label: "Transcript", content: transcript },
      { id: "checks", label: "Checks", count: checkCount, content: checks },
    ];
    return <Tabs label="Review" tabs={tabs} selected={tab} onSelect={onTab} />;
  }
  return (
    <div className={styles["panes"]}>
      {note}
      <section className={styles["side"]} aria-labelledby="transcript-title">
        <h2 id="transcript-title">Transcript</h2>
        {transcript}
      </section>
      <section className={styles["side"]} aria-labelledby="checks-title">
        <h2 id="checks-title">Checks {checkCount > 0 && <span className={styles["count"]}>{checkCount}</span>}</h2>
        {checks}
      </section>
    </div>
  );
}

function enginesOf({ draft }: NoteView): string {
  const { service, speechEngine, noteWriter } = draft.provenance;
  const engines = [speechEngine, noteWriter].filter((engine) => engine !== null).join(" and ");
  return engines === "" ? `Drafted by ${service}` : `Drafted by ${service} with ${engines}`;
}
