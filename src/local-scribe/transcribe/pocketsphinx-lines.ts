import type { Word } from "#model/transcript.ts";
import type { Heard } from "./speech-engine.ts";

/**
 * Words with a lower posterior are unclear. Measured over 80 takes of the two sample visits, see the decision record on hearing.
 */
export const leastConfidence = 0.3;

const wordLine = /^(\S+) (\d+\.\d+) (\d+\.\d+) (\d+\.\d+)$/u;

/**
 * Reads what `pocketsphinx_continuous -time yes` prints: per utterance one line of text, then one line `word start end posterior` for
 * each word, with `<s>`, `<sil>`, `</s>` and `[NOISE]` among them. The words come from the word lines; the text line only parts utterances.
 */
export function createPocketsphinxReader(onHeard: (heard: Heard) => void): { line(text: string): void; end(): void } {
  let words: Word[] = [];

  function give(): void {
    const [first, last] = [words.at(0), words.at(-1)];
    if (first && last) onHeard({ startMs: first.startMs, endMs: last.endMs, words });
    words = [];
  }

  return {
    line(text) {
      const [, token = "", start, end, posterior] = wordLine.exec(text) ?? [];
      if (token === "" || token === "</s>") return give();
      if (/^[<[+]/u.test(token)) return;
      const confidence = Math.min(1, Number(posterior));
      words.push({
        text: token.replace(/\(\d+\)$/u, ""),
        startMs: Math.round(Number(start) * 1000),
        endMs: Math.round(Number(end) * 1000),
        confidence,
        unclear: confidence < leastConfidence,
      });
    },
    end: give,
  };
}
