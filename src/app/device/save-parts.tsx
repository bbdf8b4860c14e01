import { CircleCheck, Download } from "lucide-react";
import { useState } from "react";
import type { AudioFile } from "#app/visit-session-port.ts";
import { durationWords, sizeWords } from "#app/words.ts";
import { Button } from "#ui/button.tsx";
import { useSpeaker } from "#ui/toast.tsx";
import { audioFileName, formatWords } from "./audio-file-name.ts";
import { saveFile } from "./save-file.ts";
import styles from "./save-parts.module.css";

/** A recording whose format changed: a file for each part, in the order in which it was spoken, each with its button. */
export function SaveParts({ visitId, parts }: { visitId: string; parts: readonly AudioFile[] }) {
  const { toast } = useSpeaker();
  const [saved, setSaved] = useState<readonly number[]>([]);
  const of = parts.length;
  const save = ({ content }: AudioFile, number: number) => {
    saveFile(content, audioFileName(visitId, content.type, { number, of }));
    setSaved((before) => [...before.filter((other) => other !== number), number]);
    toast({ words: `Part ${number} of ${of} is in this browser's downloads` });
  };
  return (
    <>
      <p>
        This visit was recorded in different formats, because another browser, or what was rescued after a crash, wrote
        a part of it. Such parts cannot be put into one file unchanged, so there are <strong>{of} files</strong>,
        numbered in the order in which they were spoken. <strong>Save all of them.</strong>
      </p>
      <ol className={styles["parts"]}>
        {parts.map((part, index) => (
          <li key={index} className={styles["part"]}>
            <span>
              <strong>
                Part {index + 1} of {of}
              </strong>
              <span className={styles["facts"]}>
                {part.durationMs < 1000 ? "less than a second" : durationWords(part.durationMs)} ·{" "}
                {sizeWords(part.content.size)} · {formatWords(part.content.type)}
              </span>
            </span>
            <Button
              icon={saved.includes(index + 1) ? <CircleCheck /> : <Download />}
              kind={saved.includes(index + 1) ? "quiet" : "primary"}
              onPress={() => save(part, index + 1)}
            >
              {saved.includes(index + 1) ? `Part ${index + 1} saved` : `Save part ${index + 1}`}
            </Button>
          </li>
        ))}
      </ol>
    </>
  );
}
