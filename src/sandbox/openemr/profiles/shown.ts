import type { Profile, Row, RowKind } from "./profile.ts";

/** The row as this profile writes it. */
export function shown({ profile }: { profile: Profile }, kind: RowKind, row: Row): Row {
  return profile.rows[kind]?.(row) ?? row;
}
