/** Rows of older versions have fewer columns, and text where numbers stand today. */
import type { Row } from "./profile.ts";

export function without(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(Object.entries(row).filter(([column]) => !columns.includes(column)));
}

/** Before 8.x every number of a row is text. */
export function asText(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [column, typeof value === "number" ? String(value) : value]),
  );
}
