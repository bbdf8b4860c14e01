import type { FollowUpRequest, Window } from "#model/follow-up.ts";
import { Card } from "#ui/card.tsx";
import { CalendarClock } from "lucide-react";
import styles from "./follow-up-list.module.css";

/** Follow-ups found in the plan; which of them the front desk gets is chosen when signing. */
export function FollowUpList({
  followUps,
  windowOf,
}: {
  followUps: readonly FollowUpRequest[];
  windowOf: (request: FollowUpRequest) => Window;
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
              <p>“{request.sentence}”</p>
              <p className={styles["none"]}>{windowWords(windowOf(request))}</p>
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
