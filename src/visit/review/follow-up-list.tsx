import type { FollowUpRequest, Window } from "#model/follow-up.ts";
import { Card } from "#ui/card.tsx";
import { Checkbox } from "#ui/checkbox.tsx";
import { CalendarClock } from "lucide-react";
import styles from "./follow-up-list.module.css";

/** Follow-ups found in the plan. The front desk gets the chosen sentences and nothing else of the note. */
export function FollowUpList({
  followUps,
  skipped,
  windowOf,
  onToggle,
}: {
  followUps: readonly FollowUpRequest[];
  skipped: ReadonlySet<string>;
  windowOf: (request: FollowUpRequest) => Window;
  onToggle: (sentence: string) => void;
}) {
  return (
    <Card title="Follow-up" icon={<CalendarClock />}>
      {followUps.length === 0 ? (
        <p className={styles["none"]}>
          The plan asks for no return visit. Write one into the plan, for example “Come back in 2 weeks”, and it appears
          here.
        </p>
      ) : (
        <ul className={styles["list"]}>
          {followUps.map((request) => (
            <li key={request.sentence}>
              <Checkbox
                isSelected={!skipped.has(request.sentence)}
                onChange={() => onToggle(request.sentence)}
                note={`${windowWords(windowOf(request))} The front desk sees only this sentence.`}
              >
                {request.sentence}
              </Checkbox>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function windowWords({ due, from, to }: Window): string {
  return `Due ${dayOf(due)}; to be booked between ${dayOf(from)} and ${dayOf(to)}.`;
}

/** "Tue 22 Dec" for a clinic date. */
function dayOf(date: string): string {
  const options = { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat("en-GB", options).format(new Date(`${date}T00:00:00Z`));
}
