/**
 * OpenEMR 8.3.0 by its documented differences, and untested: no 8.3 was run or recorded for this. What is known is that
 * appointments and notes are looked up under the patient of the path (pull request 13435 of OpenEMR).
 */
import { json } from "#sandbox/openemr/answer.ts";
import { openemr82 } from "./openemr-8.2.ts";
import type { Profile } from "./profile.ts";

export const openemr83: Profile = {
  ...openemr82,
  name: "openemr-8.3",
  title: "OpenEMR 8.3 (untested: from its documentation, not from a server)",
  rows: { version: (row) => ({ ...row, v_minor: 3, v_tag: "" }) },
  strangersRecord: json(404, { message: "record not found" }),
};
