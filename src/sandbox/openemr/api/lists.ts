/** Option lists (administrators only), and the two routes that say which server this is. */
import { json } from "#sandbox/openemr/answer.ts";
import type { Answer } from "#sandbox/openemr/answer.ts";
import { shown } from "#sandbox/openemr/profiles/shown.ts";
import type { Site } from "#sandbox/openemr/site.ts";
import type { ApiRequest } from "./api-request.ts";
import { encounterClasses } from "./encounter-record.ts";

type Option = { option_id: string; title: string; seq: number; notes: string | null; codes: string };

const statuses: readonly (readonly [id: string, title: string, seq: number, notes: string])[] = [
  ["-", "- None", 5, "FEFDCF|0"],
  ["*", "* Reminder done", 10, "FFC9F8|0"],
  ["+", "+ Chart pulled", 15, "87FF1F|0"],
  ["x", "x Canceled", 20, "BFBFBF|0"],
  ["?", "? No show", 25, "BFBFBF|0"],
  ["@", "@ Arrived", 30, "FF2414|10"],
  ["~", "~ Arrived late", 35, "FF6619|10"],
  ["!", "! Left w/o visit", 40, "0BBA34|0"],
  ["#", "# Ins/fin issue", 45, "FFFF2B|0"],
  ["<", "< In exam room", 50, "52D9DE|10"],
  [">", "> Checked out", 55, "FEFDCF|0"],
  ["$", "$ Coding done", 60, "C0FF96|0"],
  ["%", "% Canceled < 24h", 65, "BFBFBF|0"],
  ["^", "^ Pending", 70, "FEFDCF|0"],
  ["AVM", "AVM Confirmed", 80, "F0FFE8|0"],
  ["SMS", "SMS Confirmed", 85, "F0FFE8|0"],
  ["EMAIL", "EMAIL Confimed", 90, "FFEBE3|0"],
  ["CALL", "Callback requested", 95, "FFDBE2|5"],
];

const sexes: readonly (readonly [id: string, title: string, seq: number, code: string])[] = [
  ["Female", "Female", 1, "HL7:F"],
  ["Male", "Male", 2, "HL7:M"],
  ["UNK", "Unknown", 10, "HL7:UNK"],
];

const lists: Record<string, readonly Option[]> = {
  apptstat: statuses.map(([option_id, title, seq, notes]) => ({ option_id, title, seq, notes, codes: "" })),
  sex: sexes.map(([option_id, title, seq, codes]) => ({ option_id, title, seq, notes: null, codes })),
  _ActEncounterCode: Object.entries(encounterClasses).map(([option_id, notes], index) => ({
    option_id,
    title: notes,
    seq: (index + 1) * 10,
    notes,
    codes: "",
  })),
};

export function listOptions({ site, parameter }: ApiRequest): Answer {
  const name = parameter("name");
  const options = Object.hasOwn(lists, name) ? lists[name] : undefined;
  return options
    ? json(
        200,
        options.map((option) => shown(site, "option", toRecord(name, option))),
      )
    : site.profile.nothing;
}

function toRecord(list: string, { option_id, title, seq, notes, codes }: Option): Record<string, unknown> {
  return {
    list_id: list,
    option_id,
    title,
    seq,
    is_default: 0,
    option_value: 0,
    mapping: "",
    notes,
    codes,
    toggle_setting_1: option_id === "@" || option_id === "~" ? 1 : 0,
    toggle_setting_2: option_id === "!" || option_id === ">" ? 1 : 0,
    activity: 1,
    subtype: "",
    edit_options: 1,
    timestamp: "2026-01-05 09:00:00",
    last_updated: "2026-01-05 09:00:00",
  };
}

const version = { v_major: 8, v_minor: 2, v_patch: 0, v_realpatch: 0, v_tag: "-dev", v_database: 541, v_acl: 13 };

/** Answered without a sign-in. */
export const openRoutes: Record<string, (site: Site) => Answer> = {
  "/api/version": (site) => json(200, shown(site, "version", version)),
  "/api/product": () => json(200, { status: "OPT_OUT" }),
};
