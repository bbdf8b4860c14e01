import type { ReactNode } from "react";
import { GridList, GridListItem } from "react-aria-components/GridList";
import styles from "./row-list.module.css";

export type RowListProps<Item> = {
  label: string;
  items: readonly Item[];
  idOf: (item: Item) => string;
  /** The row in words, for type-ahead and screen readers. */
  textOf: (item: Item) => string;
  /** Enter, or a click on the row. */
  onOpen?: (item: Item) => void;
  children: (item: Item) => ReactNode;
};

/** Rows to walk with ↑ and ↓, open with Enter, and enter with → where they hold buttons. */
export function RowList<Item>({ label, items, idOf, textOf, onOpen, children }: RowListProps<Item>) {
  return (
    <GridList aria-label={label} className={styles["list"] ?? ""} selectionMode="none">
      {items.map((item) => (
        <GridListItem
          key={idOf(item)}
          id={idOf(item)}
          textValue={textOf(item)}
          className={styles["row"] ?? ""}
          {...(onOpen === undefined ? {} : { onAction: () => onOpen(item) })}
        >
          {children(item)}
        </GridListItem>
      ))}
    </GridList>
  );
}
