import { Download } from "lucide-react";
import { useState } from "react";
import { type Problem, toProblem } from "#model/problem.ts";
import type { HeldVisit } from "#model/recording.ts";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { useVisitSession } from "#app/use-recording.ts";
import { durationWords, sizeWords } from "#app/words.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { useSpeaker } from "#ui/toast.tsx";
import { saveFile } from "./save-file.ts";

type Props = { visit: HeldVisit; isOpen: boolean; onClose: () => void };

/** The last way out: the audio as one file, and what it means that it leaves. */
export function SaveDialog({ visit, isOpen, onClose }: Props) {
  const visits = useVisitSession();
  const { toast } = useSpeaker();
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | undefined>();
  const save = () => {
    setIsBusy(true);
    setProblem(undefined);
    visits
      .exportAudio(visit.visitId)
      .then((audio) => {
        saveFile(audio, `chartside-${visit.visitId.slice(0, 8)}.${audio.type.includes("mp4") ? "m4a" : "webm"}`);
        toast({ words: "The audio file is in this browser's downloads" });
        onClose();
      })
      .catch((thrown: unknown) => setProblem(toProblem(thrown)))
      .finally(() => setIsBusy(false));
  };
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title="Save the audio as a file"
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" icon={<Download />} isPending={isBusy} onPress={save}>
            Save the file
          </Button>
        </>
      }
    >
      <p>
        The recording of <strong>{visit.patientName}</strong>, {durationWords(visit.durableMs)} (about{" "}
        {sizeWords(visit.bytesOnDevice)}), is written to this computer's downloads as one file that browsers play.
      </p>
      <p>
        <strong>The file is not encrypted</strong> and Chartside no longer guards it: anybody at this computer can play
        it, and nothing erases it by itself. Save it only where your clinic allows patient recordings. The recording
        here stays as it is.
      </p>
      {problem !== undefined && <ProblemBanner problem={problem} />}
    </Dialog>
  );
}
