/** How far an answer of the sandbox is from a recorded one: kinds of values everywhere, and the values where they must agree. */

/** Values that differ from run to run: ids, times, addresses, tokens, hashes. Two of the same sort count as equal. */
const volatile = [
  /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/u,
  /^(?:urn:uuid:|[A-Z]\w+\/)[\da-f-]{36}$/u,
  /^-?\d{4}-\d\d-\d\d(?:[ T][\d:.]+(?:[+-]\d\d:\d\d)?)?$/u,
  /^https?:\/\//u,
  /^(?:<[\w ]+>|def502.*|[\w-]+\.[\w-]+\.[\w-]+|[\w-]{30,})$/su,
];

export type Comparing = {
  /** Keys whose values are not compared, only their kinds. */
  loose: ReadonlySet<string>;
  inList?: boolean;
};

/**
 * One line for each difference; none when the sandbox behaves as the recording. Of rows in a list only names and kinds are
 * compared, both ways: every row here must look like a recorded one, and every recorded sort of row must be here.
 */
export function differences(recorded: unknown, got: unknown, comparing: Comparing, path = "body"): string[] {
  if (kindOf(recorded) !== kindOf(got)) return [`${path}: ${kindOf(recorded)} recorded, ${kindOf(got)} here`];
  if (Array.isArray(recorded) && Array.isArray(got)) return arrayDifferences(recorded, got, comparing, path);
  if (isRecord(recorded) && isRecord(got)) return objectDifferences(recorded, got, comparing, path);
  if (path.endsWith(".scope") && sortedWords(recorded) === sortedWords(got)) return [];
  if (recorded === got || isLoose(path, comparing) || (isVolatile(recorded) && isVolatile(got))) return [];
  return [`${path}: ${JSON.stringify(recorded)} recorded, ${JSON.stringify(got)} here`];
}

function objectDifferences(recorded: Row, got: Row, comparing: Comparing, path: string): string[] {
  const missing = Object.keys(recorded).filter((key) => !(key in got));
  const added = Object.keys(got).filter((key) => !(key in recorded));
  const both = Object.keys(recorded).filter((key) => key in got);
  return [
    ...missing.map((key) => `${path}.${key}: missing here`),
    ...added.map((key) => `${path}.${key}: not in the recording`),
    ...both.flatMap((key) => differences(recorded[key], got[key], comparing, `${path}.${key}`)),
  ];
}

function arrayDifferences(recorded: unknown[], got: unknown[], comparing: Comparing, path: string): string[] {
  if ((recorded.length === 0) !== (got.length === 0)) {
    return [`${path}: ${recorded.length} rows recorded, ${got.length} here`];
  }
  const unlike = (rows: unknown[], others: unknown[], swap: boolean): string[][] =>
    rows.flatMap((row) => {
      const each = others.map((other) =>
        differences(swap ? other : row, swap ? row : other, { ...comparing, inList: true }, `${path}[]`),
      );
      const best = each.sort((one, other) => one.length - other.length)[0] ?? [];
      return best.length > 0 ? [best] : [];
    });
  return [...unlike(recorded, got, false), ...unlike(got, recorded, true)].flat();
}

type Row = Record<string, unknown>;

function isRecord(value: unknown): value is Row {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function isVolatile(value: unknown): boolean {
  return typeof value === "string" && volatile.some((pattern) => pattern.test(value));
}

/** The order of scopes is that of the consent form's fields; recordings posted them in more than one. */
function sortedWords(value: unknown): string {
  return String(value).split(" ").sort().join(" ");
}

function isLoose(path: string, { loose, inList }: Comparing): boolean {
  if (inList === true) return true;
  const key = path.split(".").at(-1) ?? "";
  return loose.has(key.replace("[]", ""));
}
