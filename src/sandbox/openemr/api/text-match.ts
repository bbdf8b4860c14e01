/** OpenEMR's text search: `LIKE 'typed%'` in a collation that ignores case and accents. */
export function startsLike(value: string, typed: string): boolean {
  const pattern = plain(typed).replaceAll(/./gsu, wildcard);
  return new RegExp(`^${pattern}`, "su").test(plain(value));
}

/** Whole value, case ignored. */
export function equalsLike(value: string, typed: string): boolean {
  return plain(value) === plain(typed);
}

function wildcard(character: string): string {
  if (character === "%") return ".*";
  return character === "_" ? "." : character.replaceAll(/[$()*+./?[\\\]^{|}]/gu, String.raw`\$&`);
}

function plain(text: string): string {
  const letters = text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
  return letters.replaceAll("ł", "l").replaceAll("ø", "o");
}
