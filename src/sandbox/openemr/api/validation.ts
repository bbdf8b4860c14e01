/** OpenEMR's messages for bad fields (its validator is Particle); the words are as recorded. */
export type Faults = Record<string, Record<string, string>>;
export type Check = (value: unknown, field: string) => Record<string, string> | undefined;

/** Faults of a body: a required field must be there and not empty, then each check looks at what is there. */
export function findFaults(
  fields: Record<string, unknown>,
  rules: { required?: Record<string, Check>; optional?: Record<string, Check> },
): Faults {
  const faults: Faults = {};
  for (const [field, check] of Object.entries(rules.required ?? {})) {
    const fault = checkRequired(fields, field, check);
    if (fault) faults[field] = fault;
  }
  for (const [field, check] of Object.entries(rules.optional ?? {})) {
    const value = fields[field];
    const fault = isEmpty(value) ? undefined : check(value, field);
    if (fault) faults[field] = fault;
  }
  return faults;
}

function checkRequired(
  fields: Record<string, unknown>,
  field: string,
  check: Check,
): Record<string, string> | undefined {
  if (!(field in fields)) return { "Required::NON_EXISTENT_KEY": `${field} must be provided, but does not exist` };
  if (isEmpty(fields[field])) return { "NotEmpty::EMPTY_VALUE": `${words(field)} must not be empty` };
  return check(fields[field], field);
}

export function hasFaults(faults: Faults): boolean {
  return Object.keys(faults).length > 0;
}

export const anything: Check = () => undefined;

export const numeric: Check = (value, field) =>
  /^-?\d+(?:\.\d+)?$/u.test(String(value)) ? undefined : { "Numeric::NOT_NUMERIC": `${words(field)} must be numeric` };

/** `YYYY-MM-DD` and a day that exists. */
export const date: Check = (value, field) =>
  isDate(String(value)) ? undefined : { "DateTime::INVALID_VALUE": `${words(field)} must be a valid date` };

export function exactly(length: number): Check {
  return (value, field) => {
    const size = String(value).length;
    const text = (how: string): string => `${words(field)} is too ${how} and must be ${length} characters long`;
    if (size < length) return { "Length::TOO_SHORT": text("short") };
    return size > length ? { "Length::TOO_LONG": text("long") } : undefined;
  };
}

/** Counted in bytes, whatever the message says. */
export function between(shortest: number, longest: number): Check {
  return (value, field) => {
    const size = Buffer.byteLength(String(value), "utf8");
    if (size < shortest)
      return { "LengthBetween::TOO_SHORT": `${words(field)} must be ${shortest} characters or longer` };
    if (size > longest)
      return { "LengthBetween::TOO_LONG": `${words(field)} must be ${longest} characters or shorter` };
    return undefined;
  };
}

export function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/u.test(text)) return false;
  const instant = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

function words(field: string): string {
  return field.replaceAll("_", " ");
}
