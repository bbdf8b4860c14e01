/** What was said and is missing from the note, and what in the note has no support: the list a clinician goes through before signing. */
import { findings, isDrug, unitForms, units } from "./clinical-words.ts";
import type { Check, CheckKind, EvidenceSpan, SentenceEvidence } from "./evidence.ts";
import type { Heard } from "./find-evidence.ts";
import type { Note } from "./note.ts";
import { sectionNames, sentencesOf } from "./note.ts";
import { isNumberWord } from "./spoken-numbers.ts";
import type { Term } from "./terms.ts";
import { isSameTerm, stemOf, termsOf, wordsOf } from "./terms.ts";
import type { Transcript, Turn } from "./transcript.ts";

export type Held = {
  transcript: Transcript;
  note: Note;
  heard: readonly Heard[];
  sentences: readonly SentenceEvidence[];
};

/** Every check, unsupported sentences first; one per thing, not one per mention. */
export function findChecks(held: Held): Check[] {
  const written = sentencesOf(held.note).map((sentence) => termsOf(wordsOf(sentence.text)));
  const said = [
    ...missingTerms(held, written.flat()),
    ...missingSides(held, written),
    ...missingNegations(held, written),
    ...unclearWords(held.transcript),
  ];
  return uniqueByQuote([...unsupported(held.sentences), ...said, ...emptySections(held.note)]);
}

function unsupported(sentences: readonly SentenceEvidence[]): Check[] {
  return sentences
    .filter((sentence) => sentence.mark === "unsupported")
    .map(({ section, text }) => ({
      id: `unsupported_sentence:${section}:${text}`,
      kind: "unsupported_sentence",
      quote: text,
      section,
      span: null,
    }));
}

function emptySections(note: Note): Check[] {
  return sectionNames
    .filter((section) => note[section].trim() === "")
    .map((section) => ({ id: `empty_section:${section}`, kind: "empty_section", quote: section, section, span: null }));
}

function missingTerms(held: Held, written: readonly Term[]): Check[] {
  return held.heard.flatMap((term, index) => {
    if (written.some((other) => isSameTerm(other, term))) return [];
    if (term.kind === "drug") {
      const kind = saysAllergy(held.heard, index) ? "allergy_missing" : "drug_missing";
      return [checkOf(kind, held.transcript, term)];
    }
    return term.kind === "number" && isMeasured(held.heard, index)
      ? [checkOf("number_missing", held.transcript, term)]
      : [];
  });
}

/** Big enough to be a reading, or beside a unit. "One" in "this one" is neither. */
function isMeasured(heard: readonly Heard[], index: number): boolean {
  const term = heard[index];
  const next = heard[index + 1];
  if (term === undefined) return false;
  const nearUnit = next !== undefined && units.has(next.text) && next.position - term.position <= 3;
  return Number(term.text) >= 10 || nearUnit;
}

function saysAllergy(heard: readonly Heard[], index: number): boolean {
  const at = heard[index]?.position ?? 0;
  return heard.some((term) => term.text.startsWith("allerg") && at - term.position >= 0 && at - term.position <= 5);
}

/** "left arm" said, and no sentence that names the arm with that side. */
function missingSides(held: Held, written: readonly Term[][]): Check[] {
  return held.heard.flatMap((side, index) => {
    const part = held.heard[index + 1];
    const isSide = side.kind === "side" && side.text !== "both" && !side.negated;
    if (!isSide || part?.kind !== "word" || part.position !== side.position + 1) return [];
    const named = written.some(
      (terms) => terms.some((t) => t.text === side.text) && terms.some((t) => isSameTerm(t, part)),
    );
    return named ? [] : [checkOf("side_missing", held.transcript, side, part)];
  });
}

function missingNegations(held: Held, written: readonly Term[][]): Check[] {
  return held.heard.flatMap((term) => {
    const isDenied = term.kind === "word" && term.negated && !term.asked && findings.has(term.text);
    if (!isDenied || written.some((terms) => terms.some((t) => isSameTerm(t, term) && t.negated))) return [];
    return [checkOf("negation_missing", held.transcript, term)];
  });
}

/** A word that the engine was not sure of and that is, or stands where one says, a drug, a dose, a number or an allergy. */
function unclearWords(transcript: Transcript): Check[] {
  return transcript.turns.flatMap((turn) => {
    const words = turn.words.map((word) => wordsOf(word.text).join(""));
    return turn.words.flatMap((word, index) =>
      word.unclear && isWeighty(words, index)
        ? [checkAt("unclear_words", turn, { turnId: turn.id, from: index, to: index })]
        : [],
    );
  });
}

const namesDrug = /^(?:take|taking|start|started|starting|stop|stopped|stopping|prescribe|allergic|allergy)$/u;
const lightWords = new Set(["one", "over", "a", "the", "to", "for", "on"]);

function isWeighty(words: readonly string[], index: number): boolean {
  const word = words[index] ?? "";
  if (lightWords.has(word)) return false;
  if (isDrug(word) || isNumberWord(word) || units.has(stemOf(word))) return true;
  const before = words.slice(Math.max(0, index - 2), index);
  const after = words.slice(index + 1, index + 5);
  const dose = after.some((next, at) => isNumberWord(next) && isDoseUnit(after[at + 1]));
  return dose || before.some((previous) => namesDrug.test(previous));
}

function isDoseUnit(word: string | undefined): boolean {
  const stem = stemOf(word ?? "");
  return /^(?:mg|mcg|g|ml|unit|tablet|pill|puff)$/u.test(unitForms.get(stem) ?? stem);
}

function checkOf(kind: CheckKind, transcript: Transcript, ...[from, to = from]: [Heard, Heard?]): Check {
  const turn = transcript.turns.find((candidate) => candidate.id === from.turnId);
  if (!turn) throw new Error("a heard term names a turn that is not in the transcript");
  return checkAt(kind, turn, { turnId: turn.id, from: from.from, to: Math.max(to.to, from.to) });
}

/** The quote carries three words on each side, so that it can be recognised. */
function checkAt(kind: CheckKind, turn: Turn, span: EvidenceSpan): Check {
  const words = turn.words.slice(Math.max(0, span.from - 3), span.to + 4).map((word) => word.text);
  return { id: `${kind}:${span.turnId}:${span.from}`, kind, quote: words.join(" "), section: null, span };
}

function uniqueByQuote(checks: readonly Check[]): Check[] {
  const seen = new Set<string>();
  return checks.filter((check) => {
    const key = `${check.kind}:${check.quote}`;
    return seen.has(key) ? false : (seen.add(key), true);
  });
}
