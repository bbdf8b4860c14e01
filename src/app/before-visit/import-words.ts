/** Taking a visit from an audio file, in words that name the file. */
import type { ProblemCode } from "#model/problem.ts";
import { problemWords } from "#app/problem-words.ts";
import { sizeWords } from "#app/words.ts";

export type ImportState =
  | { kind: "none" }
  | { kind: "reading"; name: string; sizeBytes: number; share: number }
  | { kind: "failed"; name: string; code: ProblemCode };

/** `dictation.m4a (4.2 MB): 40 % read`. */
export function readingWords({ name, sizeBytes, share }: { name: string; sizeBytes: number; share: number }): string {
  return `${name} (${sizeWords(sizeBytes)}): ${Math.floor(Math.min(1, share) * 100)} % read`;
}

/** Why a file did not become a visit, and that the file itself is untouched. */
export function failedWords({ name, code }: { name: string; code: ProblemCode }): { title: string; text: string } {
  const { title, sentence } = problemWords(code);
  return { title: `“${name}” could not be used`, text: `${title}. ${sentence} The file itself is unchanged.` };
}
