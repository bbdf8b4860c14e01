/**
 * How medicines and clinical words are spoken of: general turns of phrase, none of them from a script. The share before each line is how
 * probable it is that, after the words before X, some medicine follows; X stands for each medicine alike. For the lines that begin
 * with X it is the share of the word that follows a medicine. The shares of a context are small beside what the base model knows of it, so its
 * sum exceeds one by little.
 */
import type { Phrase } from "./add-phrases.ts";

const beforeMedicine = `
0.2 allergic to X, milligrams of X, micrograms of X
0.1 taking X, prescribe X, prescribed X, prescribing X, dose of X, dosage of X, prescription for X, refill of X, course of X
0.05 take X, takes X, took X, start X, stop X, continue X, switch to X, reaction to X, you on X, him on X, her on X, me on X
0.03 starting X, started X, stopping X, stopped X, am on X, is on X, are on X, was on X, been on X, stay on X, off X, refill X
0.02 taken X, increase X, increasing X, decrease X, reduce X, add X, adding X, try X, tried X, trying X, use X, using X, used X
0.02 give you X, gave you X, gave me X, gave him X, gave her X, given X, out of X, called X, try some X, take some X, need X
0.01 on X, daily X, generic X, missed X, forgot X, prefer X, need X, your X, about X, get X
0.003 the X, my X, his X, her X, some X, and X, or X, with X, than X, of X, to X, for X, from X, any X, more X, have X, has X, had X, want X
0.01 <s> X
`;

const afterMedicine = `
0.1 X </s>
0.04 X and, X for
0.03 X twenty, X is, X two, X one, X five
0.015 X ten, X forty, X fifty, X four, X three, X six, X at, X in, X to, X every, X once, X twice, X with, X or
0.007 X thirty, X sixty, X seventy, X eighty, X half, X daily, X was, X because, X before, X after, X again, X as, X does, X did
0.003 X inhaler, X cream, X tablets, X tablet, X pills, X dose, X has, X helps, X helped, X made, X makes, X works, X that, X so
0.003 X but, X when, X since
`;

const beforeWord = `
0.03 diagnosed with X, history of X, signs of X, symptoms of X
0.003 have X, has X, had X, having X, with X, and X, of X, no X, or X, for X, the X, your X, my X, a X, some X
`;

/** What remains, after a new word, for words that no line above names. */
export const leftAfterNewWord = 0.3;

/** Of all spoken words, the share that is some medicine, and the share that is some other new word. */
const [medicineShare, wordShare] = [0.002, 0.0002];

/** The phrases for these medicines and these other clinical words. */
export function spokenPhrases(medicines: readonly string[], words: readonly string[]): Phrase[] {
  return [
    ...alike(`${medicineShare} X`, medicines),
    ...alike(`${wordShare} X`, words),
    ...alike(beforeMedicine, medicines),
    ...alike(beforeWord, words),
    ...medicines.flatMap((medicine) => alike(afterMedicine, [medicine])),
  ];
}

/** Each line's phrases with each word for X, the line's share parted among the words. */
function alike(lines: string, words: readonly string[]): Phrase[] {
  return lines
    .trim()
    .split("\n")
    .flatMap((line) => {
      const [share = "", ...rest] = line.split(" ");
      const phrases = rest.join(" ").split(", ");
      return phrases.flatMap((phrase) =>
        words.map((word) => ({
          words: phrase.split(" ").map((part) => (part === "X" ? word : part)),
          probability: Number(share) / words.length,
        })),
      );
    });
}
