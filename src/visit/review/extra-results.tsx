import type { ExtraTemplate } from "#model/note.ts";
import { Card } from "#ui/card.tsx";
import { Files } from "lucide-react";
import { type Shown, shownOf, titleOf } from "./extra-words.ts";
import styles from "./extra-results.module.css";

/** What the service wrote beside the note, under its own names and folded; for reading, the note is what is signed. */
export function ExtraResults({ extra }: { extra: readonly ExtraTemplate[] }) {
  if (extra.length === 0) return null;
  return (
    <Card title="Also written by the service" icon={<Files />}>
      {extra.map(({ id, value }) => (
        <details key={id} className={styles["result"]}>
          <summary>{titleOf(id)}</summary>
          <div className={styles["value"]}>
            <Value shown={shownOf(value)} />
          </div>
        </details>
      ))}
      <p className={styles["hint"]}>Not checked against the transcript, and not filed: only the note is.</p>
    </Card>
  );
}

function Value({ shown }: { shown: Shown }) {
  if (shown.is === "text") {
    return (
      <>
        {shown.lines.map((line, place) => (
          // oxlint-disable-next-line react/no-array-index-key -- lines of one text have no name but their place
          <p key={place}>{line}</p>
        ))}
      </>
    );
  }
  if (shown.is === "list") {
    return (
      <ul className={styles["list"]}>
        {shown.items.map((item, place) => (
          // oxlint-disable-next-line react/no-array-index-key -- the items are never reordered
          <li key={place}>
            <Value shown={item} />
          </li>
        ))}
      </ul>
    );
  }
  return (
    <dl className={styles["fields"]}>
      {shown.fields.map(({ name, value }) => (
        <div key={name}>
          <dt>{titleOf(name)}</dt>
          <dd>
            <Value shown={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
