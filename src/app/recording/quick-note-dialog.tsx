import { useState } from "react";
import { type Problem, toProblem } from "#model/problem.ts";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { useVisitSession } from "#app/use-recording.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { TextArea } from "#ui/text-field.tsx";
import { useSpeaker } from "#ui/toast.tsx";

const longest = 500;

/** A line for oneself while the recording goes on: kept beside the audio with its time, shown again in the review. */
export function QuickNoteDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const visits = useVisitSession();
  const { toast } = useSpeaker();
  const [text, setText] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | undefined>();
  const wanted = text.trim();
  const save = () => {
    if (wanted === "" || isBusy) return;
    setIsBusy(true);
    setProblem(undefined);
    visits
      .quickNote(wanted)
      .then(() => {
        setText("");
        toast({ words: "Note kept with the recording", tone: "good" });
        onClose();
      })
      .catch((thrown: unknown) => setProblem(toProblem(thrown)))
      .finally(() => setIsBusy(false));
  };
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title="Quick note"
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" isDisabled={wanted === ""} isPending={isBusy} onPress={save}>
            Keep the note
          </Button>
        </>
      }
    >
      <p>Recording goes on. The note is kept encrypted with the recording and shown when you review the draft.</p>
      <TextArea
        label="What to remember"
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- a dialog opened to type starts in its field
        autoFocus
        autoComplete="off"
        rows={3}
        maxLength={longest}
        value={text}
        onChange={setText}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save();
        }}
        hint={text.length > longest - 100 ? `${longest - text.length} characters left` : "Ctrl + Enter keeps it."}
      />
      {problem !== undefined && <ProblemBanner problem={problem} />}
    </Dialog>
  );
}
