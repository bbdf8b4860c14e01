import { Download } from "lucide-react";
import { useState } from "react";
import { type Problem, toProblem } from "#model/problem.ts";
import type { HeldVisit } from "#model/recording.ts";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { useVisitSession } from "#app/use-recording.ts";
import type { AudioFile } from "#app/visit-session-port.ts";
import { durationWords, sizeWords } from "#app/words.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { useSpeaker } from "#ui/toast.tsx";
import { audioFileName } from "./audio-file-name.ts";
import { saveFile } from "./save-file.ts";
import { SaveParts } from "./save-parts.tsx";

type Props = { visit: HeldVisit; isOpen: boolean; onClose: () => void };

/** The last way out: the audio as a file, or as several where its format changed, and what it means that it leaves. */
export function SaveDialog({ visit, isOpen, onClose }: Props) {
  const saving = useSaving(visit, onClose);
  const { parts, isBusy, problem, close, save } = saving;
  return (
    <Dialog
      isOpen={isOpen}
      onClose={close}
      title="Save the audio as a file"
      actions={
        parts === undefined ? (
          <>
            <Button onPress={close}>Cancel</Button>
            <Button kind="primary" icon={<Download />} isPending={isBusy} onPress={save}>
              Save the file
            </Button>
          </>
        ) : (
          <Button onPress={close}>Close</Button>
        )
      }
    >
      {parts === undefined ? <Meaning visit={visit} /> : <SaveParts visitId={visit.visitId} parts={parts} />}
      {problem !== undefined && <ProblemBanner problem={problem} />}
    </Dialog>
  );
}

/** `parts`: there is more than one file, and a browser gives only one for each press of a button. */
function useSaving({ visitId }: HeldVisit, onClose: () => void) {
  const visits = useVisitSession();
  const { toast } = useSpeaker();
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | undefined>();
  const [parts, setParts] = useState<AudioFile[] | undefined>();
  const close = () => {
    setParts(undefined);
    onClose();
  };
  const take = (files: AudioFile[]) => {
    const [file] = files;
    if (file === undefined || files.length > 1) return setParts(files);
    saveFile(file.content, audioFileName(visitId, file.content.type));
    toast({ words: "The audio file is in this browser's downloads" });
    return close();
  };
  const save = () => {
    setIsBusy(true);
    setProblem(undefined);
    visits
      .exportAudio(visitId)
      .then(take)
      .catch((thrown: unknown) => setProblem(toProblem(thrown)))
      .finally(() => setIsBusy(false));
  };
  return { parts, isBusy, problem, close, save };
}

function Meaning({ visit }: { visit: HeldVisit }) {
  return (
    <>
      <p>
        The recording of <strong>{visit.patientName}</strong>, {durationWords(visit.durableMs)} (about{" "}
        {sizeWords(visit.bytesOnDevice)}), is written to this computer's downloads as one file that browsers play, or as
        several if it was recorded in more than one format.
      </p>
      <p>
        <strong>It is not encrypted</strong> and Chartside no longer guards it: anybody at this computer can play it,
        and nothing erases it by itself. Save it only where your clinic allows patient recordings. The recording here
        stays as it is.
      </p>
    </>
  );
}
