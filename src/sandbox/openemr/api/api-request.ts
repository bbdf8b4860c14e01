/** What an API route gets once token, scope and role have let the call through. */
import type { Fields, Incoming } from "#sandbox/openemr/incoming.ts";
import type { Profile } from "#sandbox/openemr/profiles/profile.ts";
import type { StaffRole, UserRow } from "#sandbox/openemr/rows.ts";
import type { Site } from "#sandbox/openemr/site.ts";
import type { Answer } from "#sandbox/openemr/answer.ts";

export type ApiRequest = Incoming & {
  site: Site;
  user: UserRow;
  /** From the path, `:name`. */
  parameter(name: string): string;
  /** The JSON body's fields; empty for anything else. */
  fields: Fields;
};

/** OpenEMR's access rules as far as they decide here; `none` is open to all staff. */
export type Access = "none" | "appt" | "demo" | "encounters" | "notes" | "docs" | "users" | "super" | "lists";

const ordinary: readonly Access[] = ["none", "appt", "demo"];
const grants: Record<StaffRole, readonly Access[]> = {
  administrator: [...ordinary, "encounters", "notes", "docs", "users", "super", "lists"],
  physician: [...ordinary, "encounters", "notes", "docs"],
  "front office": ordinary,
  nurse: [...ordinary, "notes", "docs"],
};

export function mayUse({ documents }: Profile, role: StaffRole, access: Access): boolean {
  if (access === "docs" && role === "front office") return documents.openToFrontOffice;
  return grants[role].includes(access);
}

export type Route = {
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below `/apis/default`, with `:name` for parameters. */
  path: string;
  access: Access | ((request: ApiRequest) => Access);
  run(request: ApiRequest): Answer | Promise<Answer>;
};
