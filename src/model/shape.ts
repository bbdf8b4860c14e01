/**
 * Is this what it should be? For the recorder's worker, which must stay small: everywhere else zod reads what comes from outside.
 * In: anything, and what each field that matters must be. Out: yes or no; fields that are not named are not looked at.
 */
type Kind = "string" | "number" | "object";

export function hasShape(value: unknown, shape: Readonly<Record<string, Kind>>): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const fields = value as Record<string, unknown>;
  return Object.entries(shape).every(([name, kind]) => fields[name] !== null && typeof fields[name] === kind);
}
