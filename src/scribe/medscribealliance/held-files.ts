/** The place in a file name of the form `{base}_{n}.{ext}` or `{n}.{ext}` (§7.4), undefined for any other. */
export function sequenceOf(fileName: string): number | undefined {
  const digits = /(?:^|[_/])(\d{1,9})\.[A-Za-z0-9]+$/u.exec(fileName)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
