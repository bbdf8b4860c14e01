/** Turns what a service sent in its own form into what a person can read: texts, lists and named fields; empty ones are left out. */
export type Shown =
  | { is: "text"; lines: string[] }
  | { is: "list"; items: Shown[] }
  | { is: "fields"; fields: { name: string; value: Shown }[] };

/** Deeper than this nobody reads. */
const deepest = 8;

const ownNames: Record<string, string> = { fhir_bundles: "FHIR bundles", hpi: "History of present illness" };

/** "referral_letter" and "referralLetter" are "Referral letter". */
export function titleOf(id: string): string {
  if (Object.hasOwn(ownNames, id)) return ownNames[id] ?? id;
  const words = id
    .replaceAll(/([a-z])([A-Z])/gu, "$1 $2")
    .replaceAll(/[_-]+/gu, " ")
    .trim()
    .toLowerCase();
  return words === "" ? id : words.charAt(0).toUpperCase() + words.slice(1);
}

export function shownOf(value: unknown, depth = 0): Shown {
  if (typeof value === "string") return { is: "text", lines: value.split("\n").filter((line) => line.trim() !== "") };
  if (typeof value !== "object" || value === null) return { is: "text", lines: [wordOf(value)] };
  if (depth >= deepest) return { is: "text", lines: ["…"] };
  if (Array.isArray(value)) {
    return { is: "list", items: value.filter(isSomething).map((item) => shownOf(item, depth + 1)) };
  }
  const fields = Object.entries(value).filter(([, held]) => isSomething(held));
  return { is: "fields", fields: fields.map(([name, held]) => ({ name, value: shownOf(held, depth + 1) })) };
}

function isSomething(value: unknown): boolean {
  if (value === null || value === undefined || value === "") return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}

function wordOf(value: unknown): string {
  if (typeof value === "boolean") return value ? "Yes" : "No";
  return typeof value === "number" ? String(value) : "Nothing";
}
