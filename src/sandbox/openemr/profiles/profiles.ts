/** The profiles by name. */
import { openemr80 } from "./openemr-8.0.ts";
import { openemr82 } from "./openemr-8.2.ts";
import type { Profile, ProfileName, Row, RowKind } from "./profile.ts";

export const profiles: Record<ProfileName, Profile> = { "openemr-8.0": openemr80, "openemr-8.2": openemr82 };

export const defaultProfile: ProfileName = "openemr-8.2";

/** Undefined: there is none of that name. */
export function profileNamed(name: string): Profile | undefined {
  return Object.values(profiles).find((profile) => profile.name === name);
}

/** The row as this profile writes it. */
export function shown({ profile }: { profile: Profile }, kind: RowKind, row: Row): Row {
  return profile.rows[kind]?.(row) ?? row;
}
