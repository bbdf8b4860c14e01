import { Check, Hourglass } from "lucide-react";
import type { ReactNode } from "react";
import { join } from "#ui/join.ts";
import styles from "./ledger-table.module.css";

type Props = { caption: string; columns: readonly string[]; className: string | undefined; children: ReactNode };

/** Rows that scroll under their heads; on a phone a card for each, where a cell's `data-label` names it. */
export function LedgerTable({ caption, columns, className, children }: Props) {
  return (
    <div className={styles["scroll"]}>
      <table className={join(styles["table"], className)}>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

/** Words with a tick, or with an hourglass while they are still awaited. */
export function Awaited({ isDone, children }: { isDone: boolean; children: ReactNode }) {
  return (
    <span className={isDone ? styles["done"] : styles["waits"]}>
      {isDone ? <Check aria-hidden="true" /> : <Hourglass aria-hidden="true" />} {children}
    </span>
  );
}
