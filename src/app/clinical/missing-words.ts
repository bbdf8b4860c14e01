/** What is missing of a draft, from a service's own names, as one sentence. */

const known: Record<string, string> = {
  soap: "the note itself",
  medications: "the medicines",
  transcript: "the transcript",
};

export function missingWords(missing: readonly string[]): string {
  const words = [...new Set(missing.map(wordsOf))];
  const [last = "a part of it", ...others] = words.toReversed();
  const list = others.length === 0 ? last : `${others.toReversed().join(", ")} and ${last}`;
  return `The service could not finish ${list}.`;
}

function wordsOf(name: string): string {
  if (Object.hasOwn(known, name)) return known[name] ?? name;
  if (name === "unnamed") return "a part of it";
  return /\.\w{2,5}$/u.test(name) ? "a piece of the recording" : name.replaceAll("_", " ");
}
