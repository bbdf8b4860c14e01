import { list } from "./list.ts";

const spelled = "mri ekg ecg bmi uti cbc tsh psa ldl hdl ent copd icu hiv std sti dvt cpr tb er ct iv";

/** Short names written in capitals, as one word and spelled letter by letter. */
export const acronyms: ReadonlyMap<string, string> = new Map([
  ...spelled.split(" ").flatMap((name): [string, string][] => [
    [name, name.toUpperCase()],
    [name.split("").join(" "), name.toUpperCase()],
  ]),
  ["b p", "BP"],
  ["bp", "BP"],
  ["a one c", "A1c"],
  ["a 1 c", "A1c"],
  ["a1c", "A1c"],
  ["covid", "COVID"],
]);

/** Names of days and months. May and march are left out: they are verbs as well. */
export const properWords = list(`
monday tuesday wednesday thursday friday saturday sunday
january february april june july august september october november december
`);
