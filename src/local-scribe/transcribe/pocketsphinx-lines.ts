import type { Word } from "#model/transcript.ts";
import type { Heard } from "./speech-engine.ts";

const wordLine = /^(\S+) (\d+\.\d+) (\d+\.\d+) (\d+\.\d+)$/u;

/**
 * Reads what `pocketsphinx_continuous -time yes` prints: per utterance one line of text, then one line `word start end posterior` for
 * each word, with `<s>`, `<sil>`, `</s>` and `[NOISE]` among them. The words come from the word lines; the text line only parts utterances.
 * No word is called unclear here: of the words with a posterior below 0.1, nine of ten were right (e2e/audio/heard.json), as the
 * program shares a word's weight among its variants. Doubt comes from other takes (agreement.ts).
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
        text: spelling(token),
        startMs: Math.round(Number(start) * 1000),
        endMs: Math.round(Number(end) * 1000),
        confidence,
        unclear: false,
      });
    },
    end: give,
  };
}

/** Without the number of the way it was spoken, and without the dictionary's dot after one letter or a short form: `x.`, `dr.`. */
function spelling(token: string): string {
  return token.replace(/\(\d+\)$/u, "").replace(/^([^.]+)\.$/u, "$1");
}
