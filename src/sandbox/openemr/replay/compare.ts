/** How far an answer of the sandbox is from a recorded one: names and kinds everywhere, and values where they must agree. */

/** Values that differ from run to run: ids, times, addresses, tokens, hashes. Two of the same sort count as equal. */
const volatile = [
  /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/u,
  /^(?:urn:uuid:|[A-Z]\w+\/)[\da-f-]{36}$/u,
  /^-?\d{4}-\d\d-\d\d(?:[ T][\d:.]+(?:[+-]\d\d:\d\d)?)?$/u,
  /^https?:\/\//u,
  /^(?:<[\w ]+>|def502.*|[\w-]+\.[\w-]+\.[\w-]+|[\w-]{30,})$/su,
];

export type Place = {
  /** Where in the body, e.g. `body.data[].fname`. */
  path: string;
  /** Keys whose values are not compared, only their kinds. */
  loose: ReadonlySet<string>;
  inList: boolean;
};

/**
 * One line for each difference; none when the sandbox behaves as the recording. Of rows in a list only names and kinds are
 * compared, both ways: every row here must look like a recorded one, and every recorded sort of row must be here.
 */
export function differences(recorded: unknown, got: unknown, place: Place): string[] {
  if (kindOf(recorded) !== kindOf(got)) return [`${place.path}: ${kindOf(recorded)} recorded, ${kindOf(got)} here`];
  if (Array.isArray(recorded) && Array.isArray(got)) return listDifferences(recorded, got, place);
  if (isRecord(recorded) && isRecord(got)) return recordDifferences(recorded, got, place);
  if (areEqual(recorded, got, place)) return [];
  return [`${place.path}: ${JSON.stringify(recorded)} recorded, ${JSON.stringify(got)} here`];
}

function recordDifferences(recorded: Row, got: Row, place: Place): string[] {
  const at = (key: string): Place => ({ ...place, path: `${place.path}.${key}` });
  const added = Object.keys(got).filter((key) => !(key in recorded));
  return [
    ...Object.keys(recorded).flatMap((key) =>
      key in got ? differences(recorded[key], got[key], at(key)) : [`${at(key).path}: missing here`],
    ),
    ...added.map((key) => `${at(key).path}: not in the recording`),
  ];
}

function listDifferences(recorded: unknown[], got: unknown[], place: Place): string[] {
  if ((recorded.length === 0) !== (got.length === 0)) {
    return [`${place.path}: ${recorded.length} rows recorded, ${got.length} here`];
  }
  const inside = { ...place, path: `${place.path}[]`, inList: true };
  const unknownHere = recorded.map((row) => fewest(got.map((other) => differences(row, other, inside))));
  const neverRecorded = got.map((row) => fewest(recorded.map((other) => differences(other, row, inside))));
  return [...unknownHere, ...neverRecorded].flat();
}

function fewest(lists: string[][]): string[] {
  return lists.sort((one, other) => one.length - other.length)[0] ?? [];
}

function areEqual(recorded: unknown, got: unknown, { path, loose, inList }: Place): boolean {
  if (recorded === got || inList || loose.has(path.split(".").at(-1) ?? "")) return true;
  // The order of scopes is that of the consent form's fields; recordings posted them in more than one.
  if (path.endsWith(".scope")) return sortedWords(recorded) === sortedWords(got);
  return isVolatile(recorded) && isVolatile(got);
}

function sortedWords(value: unknown): string {
  return String(value).split(" ").sort().join(" ");
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
